// What a model is worth on images of one's own, and what its scores mean: metrics with intervals, then the probability that
// a hit is of the query's class.
//
//   node examples/measure.js model.onnx [source]
import { calibration, Embedder, embedImages, metrics, openImages } from 'imagekin';

const [path, source = 'emoji:test'] = process.argv.slice(2);
const embedder = await Embedder.open(path);
const { dimension } = embedder;
const images = await openImages(source);
const set = {
  embeddings: await embedImages(embedder, images),
  labels: images.labels,
  classNames: images.classNames,
};
await embedder.release();

const { precisionAt1, mapAtR, intervals } = await metrics.evaluate({ test: set, dimension });
const { low, high } = intervals.precisionAt1;
console.log(
  `precision@1 ${precisionAt1.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), MAP@R ${mapAtR.toFixed(3)}`,
);

// Half of the images fits the map from score to probability, the other half measures it.
const { map, heldOut } = await calibration.calibrateEmbeddings({ set, dimension });
const share = calibration.probabilityOf(map, 0.8);
console.log(
  `a hit of 0.8 is of the query's class with probability ${share.toFixed(2)}; calibration error ${heldOut.ece.toFixed(3)}`,
);
