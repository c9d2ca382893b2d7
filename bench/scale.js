// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { jsonProcess } from './json-process.js';
import { UsageError } from './usage-error.js';

export const name = 'scale';
export const summary = 'a large collection: added to, opened, searched, deleted from';
export const usage = '[--vectors 1000000] [--keep] [--json]';

const ours = join(import.meta.dirname, 'ours', 'scale.js');

/** @param {string[]} args */
export async function run(args) {
  const { values } = parseArgs({
    args,
    options: { vectors: { type: 'string', default: '1000000' }, keep: { type: 'boolean', default: false } },
  });
  const vectors = Number(values.vectors);
  if (!Number.isInteger(vectors) || vectors < 1000)
    throw new UsageError(`--vectors: expected a whole number from 1000, got ${values.vectors}`);
  const directory = mkdtempSync(join(tmpdir(), 'imagekin-scale-'));
  const collection = join(directory, 'scale.kin');
  const stage = async (/** @type {string} */ title, /** @type {string} */ what) => {
    const figures = await jsonProcess(process.execPath, [ours, what, collection, String(vectors)]);
    console.error(`${title}: ${JSON.stringify(figures)}`);
    return { stage: title, ...figures };
  };
  try {
    return {
      vectors,
      dimension: 128,
      // Each in a process of its own: opening is opening by another one.
      stages: [
        await stage('add', 'add'),
        await stage('open and search', 'search'),
        await stage('delete 10 %', 'remove'),
        await stage('open and search again', 'search'),
      ],
      // The benchmark has no peer, and so no cases.
      cases: [],
    };
  } finally {
    if (values.keep) console.error(`kept ${collection}`);
    else rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {{ vectors: number, stages: Record<string, any>[] }} report */
export function print({ vectors, stages }) {
  console.log(`${vectors.toLocaleString('en')} vectors of 128 numbers`);
  for (const { stage, peakMiB, index, ...figures } of stages) {
    const parts = Object.entries(figures).map(([key, value]) => `${key} ${Number(value).toPrecision(4)}`);
    const about = index ? `, ${index.kind}, recall ${index.recall?.recallAt10.toFixed(3) ?? '–'}` : '';
    console.log(`${stage}: ${parts.join(', ')}, peak ${Math.round(peakMiB)} MiB${about}`);
  }
}
