export { isCollection } from '../../collection/is-collection.js';
