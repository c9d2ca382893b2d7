// @ts-check
import { Random } from '../../dist/core/random.js';
import { encodeModel } from '../../dist/embedding/model-file.js';
import { buildEmbeddingGraph, inferenceGraph } from '../../dist/learning/embedding-graph.js';
import { recipes } from '../../dist/learning/recipes/index.js';

/**
 * The bytes of a model whose weights are drawn and not trained: it tells pictures apart all the same.
 * @param {number} seed
 */
export function drawnModel(seed) {
  const { network } = recipes['keras-example'];
  const graph = buildEmbeddingGraph(network, { training: false, batchSize: 'N' });
  /** @param {string} name */
  const random = (name) => Random.of(seed, name);
  const trained = {
    network,
    parameters: graph.parameters.initialize(random),
    states: graph.states.initialize(random),
  };
  return encodeModel(inferenceGraph(trained), {
    recipe: { name: 'drawn' },
    seed,
    data: null,
    training: { lossByEpoch: [] },
  });
}
