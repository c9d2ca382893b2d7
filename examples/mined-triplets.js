// A loss put together from parts: triplets of drawn negatives, compared with earlier batches as well, on batches in which
// every image has its turn.
//
//   node examples/mined-triplets.js [source] [model.onnx]
import { evaluate, losses, miners, openImages, recipes, regularizers, samplers, train } from 'imagekin';

const [source = 'emoji', out = 'mined-triplets.onnx'] = process.argv.slice(2);

const triplet = losses.triplet({ margin: 0.2, miner: miners.distanceWeighted() });
const recipe = {
  ...recipes['keras-example'],
  name: 'mined-triplets',
  sampler: samplers.classBalanced({ classesPerBatch: 8, imagesPerClass: 4 }),
  loss: losses.regularized(
    losses.withMemory(triplet, { size: 128, startStep: 5 }),
    regularizers.koLeo({ weight: 0.1 }),
  ),
  epochs: 2,
  batchesPerEpoch: Number(process.env.BATCHES ?? 20),
};

// What its batches show of the images.
const images = await openImages(source, { split: 'train' });
const { imagesSeen, batches, timesSeen } = samplers.coverage(recipe.sampler.prepare(images, 0), images);
console.log(
  `${batches} batches show ${imagesSeen} of ${images.length} images, each ${timesSeen.least} to ${timesSeen.most} times`,
);

const { loss } = await train({ source, recipe, out, overwrite: true });
const { evaluation } = await evaluate({ model: out, source });
console.log(`loss ${loss.toFixed(3)}, precision@1 ${evaluation.precisionAt1.toFixed(3)}`);
