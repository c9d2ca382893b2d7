// @ts-check
/**
 * Training steps (forward, loss, backward, optimizer, running statistics) on batches in memory: images/s and peak memory,
 * imagekin against PyTorch and tfjs.
 *
 * Each side is a process of its own that stays alive; they are told in turn to take as many steps as fill some seconds.
 */
import os from 'node:os';
import { join } from 'node:path';
import { flagValues, oneOf, wholeNumber } from './flags.js';
import { pace } from './pace.js';
import { sideBySide } from './side-by-side.js';
import { StepProcess } from './step-process.js';
import { trainCases } from './train-cases.js';
import { trainPeers } from './train-peers.js';
import { UsageError } from './usage-error.js';

export const name = 'train';
export const summary = 'training steps on images in memory, against PyTorch and tfjs';
export const usage =
  '[--json] [--case a,b,c,d] [--runs 5] [--seconds 3] [--threads CORES] [--batch N] [--memory-format fastest]';

/**
 * @typedef {object} TrainOptions
 * @property {number} runs
 * @property {number} seconds that a timing is to last; it is one step where a step takes longer
 * @property {number} threads on each side
 * @property {'fastest' | 'default' | 'channels_last'} memoryFormat of PyTorch's tensors
 *
 * @typedef {import('./train-cases.js').TrainCase} TrainCase
 */

/** @param {string[]} args */
export async function run(args) {
  const { chosen, ...options } = parse(args);
  const cases = [];
  for (const trainCase of chosen) {
    for (const peer of trainCase.peers) cases.push(...(await measure(trainCase, peer, options)));
  }
  return { cases };
}

/**
 * @param {TrainCase} trainCase
 * @param {'pytorch' | 'tfjs'} peerKind
 * @param {TrainOptions} options
 * @returns {Promise<import('./main.js').Case[]>}
 */
async function measure(trainCase, peerKind, options) {
  const { id, title, batchSize } = trainCase;
  const { label, runsAtMost, start } = trainPeers[peerKind];
  const peer = await start(trainCase, options);
  const ours = await startOurs(trainCase, options);
  if (peer && peer.hello.parameters !== ours.hello.parameters)
    throw new Error(
      `(${id}): expected as many parameters on both sides, got ${ours.hello.parameters} and ${peer.hello.parameters}`,
    );
  const timed = async (/** @type {StepProcess} */ side) => {
    const { steps } = await pace(side, options.seconds);
    return async () => {
      const timing = await side.time(steps);
      return (timing.steps * batchSize) / timing.seconds;
    };
  };
  const rates = await sideBySide({
    runs: Math.min(options.runs, runsAtMost),
    ours: await timed(ours),
    peer: peer && (await timed(peer)),
    onProgress: (message) => console.error(`(${id}) ${label}: ${message} images/s`),
  });
  await ours.end();
  await peer?.end();

  const peerName = peer?.hello.name ?? label;
  const memory = { ours: ours.peakMiB, peer: peer?.peakMiB ?? null };
  const once = (/** @type {number} */ value) => ({ min: value, max: value });
  return [
    {
      name: `(${id}) ${title}, batch ${batchSize}`,
      unit: 'images/s',
      ours: rates.ours,
      peer: rates.peer,
      peerName,
      ratio: rates.peer && rates.ours / rates.peer,
      spread: rates.spread,
    },
    {
      name: `(${id}) ${title}, batch ${batchSize}: peak memory`,
      unit: 'MiB',
      ours: memory.ours,
      peer: memory.peer,
      peerName,
      ratio: memory.peer && memory.peer / memory.ours,
      spread: { ours: once(memory.ours), peer: memory.peer === null ? null : once(memory.peer) },
    },
  ];
}

/**
 * @param {TrainCase} trainCase
 * @param {TrainOptions} options
 */
function startOurs({ id, batchSize }, { threads }) {
  return StepProcess.start(process.execPath, [
    join(import.meta.dirname, 'ours', 'train.js'),
    '--case',
    id,
    '--batch',
    `${batchSize}`,
    '--threads',
    `${threads}`,
  ]);
}

/** @param {string[]} args */
function parse(args) {
  const values = flagValues(name, args, {
    case: trainCases.map(({ id }) => id).join(),
    runs: '5',
    seconds: '3',
    threads: `${os.availableParallelism()}`,
    batch: undefined,
    'memory-format': 'fastest',
  });
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new UsageError(`bench train: expected --seconds above 0, got ${values.seconds}`);
  const ids = `${values.case}`.split(',').map((id) =>
    oneOf(
      name,
      'case',
      id,
      trainCases.map((trainCase) => trainCase.id),
    ),
  );
  const batch = values.batch === undefined ? undefined : wholeNumber(name, 'batch', values.batch);
  return {
    chosen: trainCases
      .filter(({ id }) => ids.includes(id))
      .map((trainCase) => ({ ...trainCase, batchSize: batch ?? trainCase.batchSize })),
    runs: wholeNumber(name, 'runs', values.runs),
    seconds,
    threads: wholeNumber(name, 'threads', values.threads),
    memoryFormat: oneOf(
      name,
      'memory-format',
      values['memory-format'],
      /** @type {const} */ (['fastest', 'default', 'channels_last']),
    ),
  };
}
