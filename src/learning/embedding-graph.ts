import { input, ParameterSet, portableLayout, type Tensor } from '../engine/index.js';
import type { Network, NetworkContext } from './network.js';
import { type Projection, projected } from './projection.js';

/** A network as a graph: its embeddings, and the parameters and states behind them. */
export interface EmbeddingGraph {
  /** float32 [N, dimension] */
  readonly embeddings: Tensor;
  readonly parameters: ParameterSet;
  readonly states: ParameterSet;
  /** New value of each state that this step updates. */
  readonly updates: Map<Tensor, Tensor>;
}

/** Name of the graph's input: uint8 [N, height, width, 3]. */
export const imagesInput = 'images';
/** Its name where a network takes the embeddings of a backbone: float32 [N, backbone.dimension]. */
export const featuresInput = 'features';

/**
 * Builds a network's graph.
 * @param batchSize a number while training; a name, such as `N`, for a graph that takes any number of images
 */
export function buildEmbeddingGraph(
  network: Network,
  { training, batchSize }: { readonly training: boolean; readonly batchSize: number | string },
): EmbeddingGraph {
  const parameters = new ParameterSet();
  const states = new ParameterSet();
  const updates = new Map<Tensor, Tensor>();
  const context: NetworkContext = {
    training,
    layout: training ? network.layout : portableLayout(network.layout),
    parameter: (name, shape, initializer) => parameters.get(name, shape, initializer),
    state: (name, shape, initializer) => states.get(name, shape, initializer),
    update: (state, next) => void updates.set(state, next),
  };
  return { embeddings: network.build(inputOf(network, batchSize), context), parameters, states, updates };
}

function inputOf({ backbone, inputSize: { width, height } }: Network, batchSize: number | string): Tensor {
  return backbone
    ? input(featuresInput, 'float32', [batchSize, backbone.dimension])
    : input(imagesInput, 'uint8', [batchSize, height, width, 3]);
}

/** What training yields: the values of a network's parameters and states. */
export interface TrainedNetwork {
  readonly network: Network;
  /** float32, in the order of the network's parameters. */
  readonly parameters: Float32Array;
  /** float32, in the order of the network's states. */
  readonly states: Float32Array;
  /** What follows the network, where its recipe wants something to. */
  readonly projection?: Projection;
}

/** A trained network as a graph for embedding any number of images, and the values to bind in it. */
export function inferenceGraph({ network, parameters, states, projection }: TrainedNetwork): {
  readonly embeddings: Tensor;
  readonly bindings: ReadonlyMap<Tensor, Tensor>;
} {
  const graph = buildEmbeddingGraph(network, { training: false, batchSize: 'N' });
  const bindings = new Map([
    ...graph.parameters.bindToConstants(parameters),
    ...graph.states.bindToConstants(states),
  ]);
  const { embeddings } = graph;
  return { embeddings: projection ? projected(embeddings, projection) : embeddings, bindings };
}
