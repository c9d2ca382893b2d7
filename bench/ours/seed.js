// @ts-check
/** Our side of the seed benchmark: trains recipe `keras-example` and prints the time of its training loop as JSON. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { train } from '../../dist/index.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    epochs: { type: 'string', default: '20' },
    batches: { type: 'string', default: '1000' },
    threads: { type: 'string', default: '2' },
    seed: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});

const directory = await mkdtemp(join(tmpdir(), 'imagekin-bench-'));
try {
  const result = await train({
    source: 'cifar10',
    recipe: 'keras-example',
    out: join(directory, 'seed.onnx'),
    epochs: Number(values.epochs),
    batchesPerEpoch: Number(values.batches),
    threads: Number(values.threads),
    seed: Number(values.seed),
    open: { dataDir: values.data, download: false },
  });
  const { seconds, imagesPerSecond, lossByEpoch: losses } = result;
  if (values.json) console.log(JSON.stringify({ seconds, imagesPerSecond, losses }));
  else console.log(`${seconds.toFixed(2)} s, loss ${losses.at(-1)?.toFixed(4)}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
