export { recordCallSites } from './call-site.js';
export { emitGraph, type GraphSpecification } from './emit.js';
export { gradients } from './gradients.js';
export { type NeighbourBlock, type NeighbourRequest, nearestNeighbours } from './nearest-neighbours.js';
export { decodeOnnx, encodeMetadata, type OnnxModel } from './onnx-model.js';
export * from './ops/index.js';
export { type Initializer, type ParameterPlace, ParameterSet } from './parameter-set.js';
export {
  type CompileOptions,
  Program,
  type ProgramInputs,
  type ProgramOptions,
  type ProgramOutputs,
} from './program.js';
export { threadCount } from './session.js';
export { elementCount } from './shape.js';
export { type DataType, type Dimension, type Shape, Tensor } from './tensor.js';
export type { Lowerings } from './tuning/lowering-choice.js';
