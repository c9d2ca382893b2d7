export { constantRate } from './constant-rate.js';
export type { Schedule } from './schedule.js';
export { type TriangularOptions, triangular } from './triangular.js';
