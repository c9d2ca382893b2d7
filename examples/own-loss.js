// A loss of one's own: a function from tensors to a scalar tensor. Its gradient comes from the engine.
//
//   node examples/own-loss.js [source] [model.onnx]
import { engine, evaluate, recipes, train } from 'imagekin';

const { add, constant, matmul, mean, multiply, relu, split, subtract, sum } = engine;

/**
 * Triplet loss with the other positives of the batch as negatives: every anchor is to be nearer to its positive than to
 * the mean of all others, by a margin.
 */
function meanTriplet({ margin }) {
  return {
    name: 'mean-triplet',
    options: { margin },
    imagesPerClass: 2,
    build({ embeddings }) {
      const pairs = embeddings.shape[0] / 2;
      const [anchors, positives] = split(embeddings, [pairs, pairs]);
      const toOwn = sum(multiply(anchors, positives), { axes: [1] });
      const toAll = mean(matmul(anchors, positives, { transposeB: true }), { axes: [1] });
      return mean(relu(add(subtract(toAll, toOwn), constant(margin))));
    },
  };
}

const [source = 'emoji', out = 'own-loss.onnx'] = process.argv.slice(2);
const recipe = {
  ...recipes['keras-example'],
  name: 'own-loss',
  loss: meanTriplet({ margin: 0.5 }),
  epochs: 2,
  batchesPerEpoch: Number(process.env.BATCHES ?? 20),
};

const { loss, seconds } = await train({ source, recipe, out, overwrite: true });
console.log(`loss ${loss.toFixed(3)} after ${seconds.toFixed(0)} s`);

const { evaluation } = await evaluate({ model: out, source });
console.log(`precision@1 ${evaluation.precisionAt1.toFixed(3)} over ${evaluation.queries} queries`);
