// @ts-check
import { join } from 'node:path';
import { describeRecipe } from '../dist/learning/recipes/recipe.js';
import { pace } from './pace.js';
import { pythonWith } from './python.js';
import { StepProcess } from './step-process.js';
import { classCount } from './train-cases.js';

/**
 * @typedef {import('./train-cases.js').TrainCase} TrainCase
 * @typedef {import('./train.js').TrainOptions} TrainOptions
 *
 * @typedef {object} TrainPeer
 * @property {string} label its name where it is not installed
 * @property {number} runsAtMost measured runs that are not too long a wait
 * @property {(trainCase: TrainCase, options: TrainOptions) => Promise<StepProcess | null>} start null where it is not installed
 */

const peers = join(import.meta.dirname, 'peers');

/** @type {Record<'pytorch' | 'tfjs', TrainPeer>} */
export const trainPeers = {
  pytorch: { label: 'PyTorch', runsAtMost: Number.POSITIVE_INFINITY, start: startPyTorch },
  // A step of the seed network takes it 8 s.
  tfjs: { label: 'tfjs', runsAtMost: 2, start: startTfjs },
};

/**
 * PyTorch, with its tensors in the order of axes that is faster for this case: that depends on the network and the machine.
 * @param {TrainCase} trainCase
 * @param {TrainOptions} options
 */
async function startPyTorch({ recipe, batchSize, learningRate }, { threads, memoryFormat, seconds }) {
  const python = pythonWith('torch');
  if (!python) {
    console.error(
      'PyTorch is not installed, so ours runs alone; `apt-get install python3-torch libopenblas0-pthread` ' +
        'brings it on Debian and Ubuntu (see bench/README.md).',
    );
    return null;
  }
  const work = { recipe: describeRecipe(recipe), batchSize, learningRate, classCount, threads };
  const start = (/** @type {string} */ format) =>
    StepProcess.start(
      python.command,
      [join(peers, 'train_torch.py'), '--memory-format', format, '--work', JSON.stringify(work)],
      {
        OMP_NUM_THREADS: `${threads}`,
        OPENBLAS_NUM_THREADS: `${threads}`,
        PYTHONDONTWRITEBYTECODE: '1',
      },
    );
  if (memoryFormat !== 'fastest') return start(memoryFormat);

  const tried = [];
  for (const format of ['default', 'channels_last']) {
    const side = await start(format);
    const { secondsPerStep } = await pace(side, seconds);
    await side.end();
    console.error(`${side.hello.name}: ${(batchSize / secondsPerStep).toPrecision(4)} images/s`);
    tried.push({ format, secondsPerStep });
  }
  return start(tried.reduce((a, b) => (b.secondsPerStep < a.secondsPerStep ? b : a)).format);
}

/** @param {TrainCase} trainCase */
async function startTfjs({ batchSize, learningRate }) {
  const args = ['--batch', `${batchSize}`, '--learning-rate', `${learningRate}`];
  try {
    return await StepProcess.start(process.execPath, [join(peers, 'seed_tfjs.js'), ...args]);
  } catch (error) {
    if (!`${error}`.includes('MODULE_NOT_FOUND')) throw error;
    console.error(
      'tfjs is not installed, so ours runs alone; `npm install --no-save @tensorflow/tfjs` brings it, ' +
        'here or in a folder whose node_modules $NODE_PATH names (see bench/README.md).',
    );
    return null;
  }
}
