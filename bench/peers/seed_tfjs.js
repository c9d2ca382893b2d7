// @ts-check
/** The seed network (`keras-example`) in tfjs, on its `cpu` backend: takes training steps when bench/train.js says so. */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { serveSteps } from '../serve-steps.js';

// Required, not imported, so that it may lie in a folder that $NODE_PATH names.
const tf = createRequire(import.meta.url)('@tensorflow/tfjs');

const { values } = parseArgs({
  options: { batch: { type: 'string' }, 'learning-rate': { type: 'string' } },
});
const batchSize = Number(values.batch);
const [batchCount, temperature, epsilon] = [8, 0.2, 1e-7];

await tf.setBackend('cpu');
await tf.ready();

const initializer = 'glorotUniform';
const model = tf.sequential({
  layers: [32, 64, 128]
    .map((filters, i) =>
      tf.layers.conv2d({
        filters,
        kernelSize: 3,
        strides: 2,
        activation: 'relu',
        kernelInitializer: initializer,
        ...(i === 0 && { inputShape: [32, 32, 3] }),
      }),
    )
    .concat([
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 8, kernelInitializer: initializer }),
    ]),
});
const optimizer = tf.train.adam(Number(values['learning-rate']), 0.9, 0.999, epsilon);
const batches = Array.from({ length: batchCount }, () =>
  tf.randomUniform([batchSize, 32, 32, 3], 0, 256, 'int32'),
);
const diagonal = tf.eye(batchSize / 2);
let steps = 0;

function step() {
  const images = batches[steps++ % batchCount];
  return tf.tidy(() => {
    const loss = optimizer.minimize(() => {
      const raw = model.apply(images.toFloat().div(255), { training: true });
      const embeddings = raw.div(tf.norm(raw, 'euclidean', 1, true));
      const [anchors, positives] = tf.split(embeddings, 2);
      const logits = tf.matMul(anchors, positives, false, true).div(temperature);
      return tf.losses.softmaxCrossEntropy(diagonal, logits);
    }, true);
    return loss.dataSync()[0];
  });
}

await serveSteps({ name: `tfjs ${tf.version.tfjs}, cpu`, parameters: model.countParams() }, step);
