// @ts-check
/**
 * Evaluating an embedding: all metrics but clustering, intervals included, against nothing but the exact search that they
 * would be worked out from by FAISS (`IndexFlatIP`). Both sides read the same unit vectors and run in a fresh process each
 * time; reading stands outside of what they time.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { flagValues, wholeNumber } from './flags.js';
import { jsonProcess } from './json-process.js';
import { clusteredVectors } from './ours/clustered-vectors.js';
import { pythonWith } from './python.js';
import { median, range } from './side-by-side.js';
import { printCases } from './table.js';

export const name = 'evaluation';
export const summary = 'all metrics of 60,000 embeddings, against the search alone by FAISS';
export const usage =
  '[--json] [--items 60000] [--dimension 128] [--classes 10,1000] [--runs 5] [--threads CORES]';

/** A search that is asked for often, whatever the classes. */
const commonK = 200;

/**
 * @typedef {{ seconds: number, peakMiB: number, figures: Record<string, number> }} OurRun
 * @typedef {{ seconds: number, peakMiB: number }} PeerRun
 */

/** @param {string[]} args */
export async function run(args) {
  const { items, dimension, classCounts, runs, threads } = parse(args);
  const python = pythonWith('faiss', 'numpy');
  if (!python)
    console.error(
      'FAISS is not installed, so ours runs alone; `apt-get install python3-faiss` brings it on Debian and Ubuntu ' +
        '(see bench/README.md).',
    );
  const cases = [];
  const memory = [];
  const directory = await mkdtemp(join(os.tmpdir(), 'imagekin-bench-'));
  try {
    for (const classes of classCounts) {
      const file = join(directory, `vectors-${classes}`);
      await writeFile(file, clusteredVectors({ items, dimension, classes }));
      const work = ['--file', file, '--dimension', `${dimension}`, '--threads', `${threads}`];
      const ours = () =>
        jsonProcess(process.execPath, [
          join(import.meta.dirname, 'ours', 'evaluation.js'),
          ...work,
          '--classes',
          `${classes}`,
        ]);
      const peer = (/** @type {number} */ k) =>
        python &&
        jsonProcess(python.command, [
          join(import.meta.dirname, 'peers', 'flat_search_faiss.py'),
          ...work,
          '--k',
          `${k}`,
        ]);
      // R of the largest class, and the query itself, which is among its own neighbours.
      const ks = [...new Set([Math.ceil(items / classes), commonK + 1])];
      /** @type {OurRun[]} */
      const ourRuns = [];
      /** @type {PeerRun[][]} */
      const peerRuns = ks.map(() => []);
      for (let run = 0; run < runs; run++) {
        ourRuns.push(await ours());
        if (python) for (const [i, k] of ks.entries()) peerRuns[i].push(await peer(k));
        const peers = peerRuns.map((runs) => runs.at(-1)?.seconds.toFixed(1) ?? '-');
        console.error(
          `${classes} classes, run ${run + 1} of ${runs}: ours ${ourRuns.at(-1)?.seconds.toFixed(1)} s, ` +
            `FAISS with k ${ks.join(' and ')}: ${peers.join(' and ')} s`,
        );
      }
      const seconds = ourRuns.map((run) => run.seconds);
      for (const [i, k] of ks.entries()) {
        const theirs = peerRuns[i].map((run) => run.seconds);
        cases.push({
          name: `all metrics of ${items} x ${dimension} in ${classes} classes; FAISS: its ${k} nearest alone`,
          unit: 's',
          ours: median(seconds),
          peer: python && median(theirs),
          peerName: python ? `FAISS ${python.versions.faiss}` : 'FAISS',
          ratio: python && median(theirs) / median(seconds),
          spread: { ours: range(seconds), peer: python && range(theirs) },
        });
      }
      const peaks = ourRuns.map((run) => run.peakMiB);
      memory.push({ classes, peakMiB: median(peaks), figures: ourRuns[0].figures });
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return {
    cases,
    /** Peak of our process, vectors included, and the figures that came out: to see what kind of embedding this is. */
    memory,
  };
}

/** @param {Awaited<ReturnType<typeof run>>} report */
export function print({ cases, memory }) {
  printCases({ cases });
  for (const { classes, peakMiB, figures } of memory) {
    const shown = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(3)}`);
    console.log(`${classes} classes: our peak memory ${peakMiB.toFixed(0)} MiB; ${shown.join(', ')}`);
  }
}

/** @param {string[]} args */
function parse(args) {
  const values = flagValues(name, args, {
    items: '60000',
    dimension: '128',
    classes: '10,1000',
    runs: '5',
    threads: `${os.availableParallelism()}`,
  });
  const number = (/** @type {string} */ flag) => wholeNumber(name, flag, values[flag]);
  return {
    items: number('items'),
    dimension: number('dimension'),
    classCounts: (values.classes ?? '').split(',').map((count) => wholeNumber(name, 'classes', count)),
    runs: number('runs'),
    threads: number('threads'),
  };
}
