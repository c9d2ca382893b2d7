export { constantRate } from './constant-rate.js';
export { cosine } from './cosine.js';
export type { RiseAndFallOptions } from './rise-and-fall.js';
export type { Schedule } from './schedule.js';
export { triangular } from './triangular.js';
