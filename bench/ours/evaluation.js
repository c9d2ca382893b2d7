// @ts-check
/** Our side of the evaluation benchmark: measures the vectors of a file and prints time and peak memory as JSON. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { metrics } from '../../dist/index.js';
import { peakMemoryMiB } from '../peak-memory.js';

const { values } = parseArgs({
  options: {
    file: { type: 'string', default: '' },
    dimension: { type: 'string', default: '128' },
    classes: { type: 'string', default: '10' },
    threads: { type: 'string', default: '2' },
  },
});
const [dimension, classes, threads] = [values.dimension, values.classes, values.threads].map(Number);

const embeddings = new Float32Array(new Uint8Array(readFileSync(values.file)).buffer);
const labels = Int32Array.from({ length: embeddings.length / dimension }, (_, item) => item % classes);
const classNames = Array.from({ length: classes }, (_, c) => `${c}`);

const start = performance.now();
const evaluation = await metrics.evaluate({ test: { embeddings, labels, classNames }, dimension, threads });
const seconds = (performance.now() - start) / 1000;
const { precisionAt1, rPrecision, mapAtR, map, mrr } = evaluation;
console.log(
  JSON.stringify({
    seconds,
    peakMiB: peakMemoryMiB(),
    figures: { precisionAt1, rPrecision, mapAtR, map, mrr },
  }),
);
