export { emitGraph, type GraphSpecification } from './emit.js';
export { gradients } from './gradients.js';
export { type NeighbourBlock, type NeighbourRequest, nearestNeighbours } from './nearest-neighbours.js';
export { decodeOnnx, type OnnxModel } from './onnx-model.js';
export * from './ops/index.js';
export { type Initializer, ParameterSet } from './parameter-set.js';
export {
  Program,
  type ProgramInputs,
  type ProgramOptions,
  type ProgramOutputs,
  threadCount,
} from './program.js';
export { type DataType, type Dimension, type Shape, Tensor } from './tensor.js';
