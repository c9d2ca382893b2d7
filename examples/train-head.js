// A head on a model that somebody else has trained, held against that model by itself on the same queries.
//
//   node examples/train-head.js dinov2-small [source] [model.onnx]
import { evaluate, train } from 'imagekin';

const [backbone, source = './shoes', out = 'head.onnx'] = process.argv.slice(2);

// Any ONNX file will do: { model: 'mobilenet.onnx', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }
const { images, classes } = await train({
  source,
  out,
  backbone,
  epochs: 4,
  batchesPerEpoch: Number(process.env.BATCHES ?? 50),
  overwrite: true,
});
console.log(`trained on ${images} images of ${classes} classes`);

const { evaluation, comparison } = await evaluate({ model: out, compare: backbone, source });
const { precisionAt1 } = comparison.evaluation;
console.log(`precision@1 ${evaluation.precisionAt1.toFixed(3)}, without the head ${precisionAt1.toFixed(3)}`);
