/** How models from elsewhere may be used, for those who read flags. */
export type { BackboneFlags, PerColour } from '../embedding/backbone/backbone-spec.js';
export { type Pooling, poolings } from '../engine/index.js';
export type { Fit, ResizeFilter } from '../image/resize-rule.js';
