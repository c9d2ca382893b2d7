/** How models from elsewhere may be used, for those who read flags. */
export type { BackboneFlags, PerColour } from '../embedding/backbone/backbone-spec.js';
// Not by way of the whole engine, which would be loaded before a flag is read.
export { type Pooling, poolings } from '../engine/onnx-file/pooling-names.js';
export type { Fit, ResizeFilter } from '../image/resize-rule.js';
