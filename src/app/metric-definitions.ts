export { metricDefinitions } from '../evaluation/metric-definitions.js';
