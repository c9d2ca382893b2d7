// @ts-check
/**
 * The seed recipe (`keras-example`) on CIFAR-10: seconds of the training loop, imagekin against PyTorch.
 *
 * Both sides train the same network on the same images with the same batches' form, each in a fresh process, and time
 * their training loop alone: reading the data, building the network and evaluation stand outside.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { flagValues, wholeNumber } from './flags.js';
import { jsonProcess } from './json-process.js';
import { pythonWith } from './python.js';
import { sideBySide } from './side-by-side.js';
import { UsageError } from './usage-error.js';

export const name = 'seed';
export const summary = 'training loop of the seed recipe on CIFAR-10, against PyTorch';
export const usage = '[--json] [--runs 5] [--epochs 2] [--batches 1000] [--threads 2] [--data DIR]';

/**
 * @typedef {object} SeedOptions
 * @property {string} data directory of the CIFAR-10 binary files
 * @property {number} epochs
 * @property {number} batches per epoch
 * @property {number} threads
 *
 * @typedef {{ seconds: number, imagesPerSecond: number, losses: number[] }} SeedRun what either side prints
 */

/**
 * @param {string[]} args
 * @returns {Promise<import('./main.js').Report>}
 */
export async function run(args) {
  const { runs, ...options } = parse(args);
  const python = pythonWith('torch', 'numpy');
  if (!python)
    console.error(
      'PyTorch is not installed, so ours runs alone; `apt-get install python3-torch libopenblas0-pthread` ' +
        'brings it on Debian and Ubuntu (see bench/README.md).',
    );

  const measured = await sideBySide({
    runs,
    ours: async () => (await runOurs(options)).seconds,
    peer: python ? async () => (await runPeer(python, options)).seconds : null,
    onProgress: (message) => console.error(`${message} s`),
  });
  return {
    cases: [
      {
        name: `seed recipe, ${options.epochs} x ${options.batches} batches of 20, ${options.threads} threads`,
        unit: 's',
        ours: measured.ours,
        peer: measured.peer,
        peerName: python ? `PyTorch ${python.versions.torch}` : 'PyTorch',
        ratio: measured.peer === null ? null : measured.peer / measured.ours,
        spread: measured.spread,
      },
    ],
  };
}

/**
 * @param {SeedOptions} options
 * @returns {Promise<SeedRun>}
 */
function runOurs(options) {
  return jsonProcess(process.execPath, [join(import.meta.dirname, 'ours', 'seed.js'), ...flags(options)]);
}

/**
 * @param {import('./python.js').Python} python
 * @param {SeedOptions} options
 * @returns {Promise<SeedRun>}
 */
function runPeer(python, options) {
  const program = join(import.meta.dirname, 'peers', 'seed_torch.py');
  return jsonProcess(python.command, [program, '--no-eval', ...flags(options)]);
}

/** @param {SeedOptions} options */
function flags({ data, epochs, batches, threads }) {
  return [
    '--json',
    '--data',
    data,
    '--epochs',
    `${epochs}`,
    '--batches',
    `${batches}`,
    '--threads',
    `${threads}`,
  ];
}

/** @param {string[]} args */
function parse(args) {
  const values = flagValues(name, args, {
    runs: '5',
    epochs: '2',
    batches: '1000',
    threads: '2',
    data: process.env.IMAGEKIN_DATA,
  });
  return {
    runs: wholeNumber(name, 'runs', values.runs),
    epochs: wholeNumber(name, 'epochs', values.epochs),
    batches: wholeNumber(name, 'batches', values.batches),
    threads: wholeNumber(name, 'threads', values.threads),
    data: binaryCifar10(values.data),
  };
}

/**
 * The directory that holds data_batch_1.bin, given it or its parent.
 * @param {string | undefined} directory
 */
function binaryCifar10(directory) {
  if (directory === undefined)
    throw new UsageError('bench seed: expected --data DIR or $IMAGEKIN_DATA, the CIFAR-10 binary files');
  const found = [directory, join(directory, 'cifar-10-batches-bin')].find((candidate) =>
    existsSync(join(candidate, 'data_batch_1.bin')),
  );
  if (!found)
    throw new UsageError(`bench seed: expected data_batch_1.bin in ${directory}, got none; give --data DIR`);
  return found;
}
