import { resolve } from 'node:path';
import type { Collection } from '../../../collection/collection.js';
import type { Skipped } from '../../../core/progress.js';
import type { OpenOptions } from '../../../data/open-options.js';
import type { AddOptions } from './add-options.js';
import { AddRun } from './add-run.js';
import { type AddedSource, candidatesOf } from './added-source.js';
import type { Candidate } from './candidate.js';
import { embedPending } from './embed-pending.js';
import { markMissing } from './mark-missing.js';
import { type Pending, settleBlock } from './settle-block.js';
import { type WalkedSource, walked } from './walked-source.js';

/** What `addImages` does, to a collection that is open. */
export async function addTo(
  collection: Collection,
  added: readonly AddedSource[],
  { prune = false, retryFailed = false, threads, device, open, onProgress, signal }: AddOptions,
): Promise<AddRun> {
  const run = new AddRun(collection, { retryFailed, onProgress });
  const counting = new AbortController();
  const sources: WalkedSource[] = [];
  const onFirst = () => {
    // Beside the work, as it only tells how long that will take.
    countCandidates(added, { ...open, signal: counting.signal }).then(
      (count) => {
        run.total = count;
      },
      () => {},
    );
  };
  try {
    const pending = pendingOf(run, added, sources, { ...open, signal });
    await embedPending(run, pending, onFirst, { threads, device, signal });
    if (!signal?.aborted) markMissing(run, sources, prune);
  } catch (error) {
    // Stopped while it was listing: what is done is kept all the same.
    if (!signal?.aborted || error !== signal.reason) throw error;
  } finally {
    counting.abort();
  }
  run.report();
  return run;
}

/** Images that are held against the catalog at a time. */
const blockLength = 1000;

/** The images of all sources that must be decoded; with the others it has been dealt when the next one comes. */
async function* pendingOf(
  run: AddRun,
  added: readonly AddedSource[],
  sources: WalkedSource[],
  open: OpenOptions,
): AsyncGenerator<Pending> {
  for (const source of added) {
    // Nothing that a search finds has changed by this: it needs no number.
    const { number } = run.catalog.sources.add(source.spec, source.root);
    const walking = walked(source, number);
    sources.push(walking);
    const onSkipped = (skipped: Skipped) => {
      run.skipped.push(skipped);
      walking.unlisted.add(resolve(skipped.path));
    };
    let block: Candidate[] = [];
    for await (const candidate of candidatesOf(source, { ...open, onSkipped })) {
      walking.listed++;
      block.push(candidate);
      if (block.length < blockLength) continue;
      yield* await settleBlock(run, walking, block);
      run.report();
      block = [];
    }
    yield* await settleBlock(run, walking, block);
    walking.isEnded = true;
    run.catalog.sources.walked(walking);
  }
}

async function countCandidates(
  sources: readonly AddedSource[],
  options: OpenOptions,
): Promise<number | undefined> {
  if (sources.some(({ kind }) => kind === 'list' || kind === 'memory')) return undefined;
  let count = 0;
  for (const source of sources)
    for await (const _ of candidatesOf(source, { ...options, onSkipped: () => {} })) count++;
  return count;
}
