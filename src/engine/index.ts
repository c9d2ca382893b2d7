export { recordCallSites } from './call-site.js';
export { emitGraph, type GraphSpecification } from './emit.js';
export { gradients } from './gradients.js';
export { type NeighbourBlock, type NeighbourRequest, nearestNeighbours } from './nearest-neighbours.js';
export {
  type BackboneFacts,
  type BackboneGraph,
  type BackboneGraphOptions,
  backboneGraph,
  externalFilesOf,
  inspectBackbone,
} from './onnx-file/backbone-graph.js';
export { composeModels } from './onnx-file/compose-models.js';
export { onnxProducer } from './onnx-file/onnx-file.js';
export { type Pooling, poolings } from './onnx-file/pooling-names.js';
export { decodeOnnx, encodeMetadata, type OnnxGraph, type OnnxModel } from './onnx-model.js';
export * from './ops/index.js';
export { zeroByte } from './ops/quantize.js';
export { type Initializer, type ParameterPlace, ParameterSet } from './parameter-set.js';
export {
  type CompileOptions,
  Program,
  type ProgramInputs,
  type ProgramOptions,
  type ProgramOutputs,
  type TensorData,
} from './program.js';
export { type SessionOptions, threadCount } from './session.js';
export { elementCount } from './shape.js';
export {
  type DataType,
  type Dimension,
  type Node,
  type Shape,
  type Target,
  Tensor,
  type TensorType,
} from './tensor.js';
export type { Lowerings } from './tuning/lowering-choice.js';
export { atTime, type Recurrence, unrolled } from './unrolled.js';
