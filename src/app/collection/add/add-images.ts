import { resolve } from 'node:path';
import { type Collection, isCollection } from '../../../collection/collection.js';
import type { Skipped } from '../../../core/progress.js';
import type { OpenOptions } from '../../../data/open-options.js';
import type { AddOptions, AddResult } from './add-options.js';
import { AddRun } from './add-run.js';
import { type AddedSource, candidatesOf, describeSource } from './added-source.js';
import type { Candidate } from './candidate.js';
import { embedPending } from './embed-pending.js';
import { markMissing } from './mark-missing.js';
import { openForAdding } from './open-for-adding.js';
import { type Pending, settleBlock } from './settle-block.js';
import { type WalkedSource, walked } from './walked-source.js';

/**
 * Brings a collection up to date with sources: new images are embedded, changed ones anew; renamed and moved files are
 * recognised by their bytes; images whose files are gone are marked. What has not changed is not read.
 *
 * All that progress has told of is on the disk, so that a run that was stopped or killed is gone on with by the same call.
 * Several processes may work on a collection at once.
 * @throws `wrong-usage` where the collection must be made and no model is given; `model-mismatch` where another one is given;
 * `unknown-source`; `source-missing` where a source that it was filled from is not there
 */
export async function addImages(options: AddOptions): Promise<AddResult> {
  const startedAt = performance.now();
  // A typing error in a source makes no collection.
  if (!isCollection(options.collection)) for (const source of options.sources) describeSource(source);
  const { collection, created } = await openForAdding(options);
  try {
    const sources = options.sources.map((source) => describeSource(source, collection.catalog.sources.all()));
    const { counts, skipped } = await addTo(collection, sources, options);
    const { model } = collection;
    return {
      finished: !options.signal?.aborted,
      collection: options.collection,
      created,
      model: model.name,
      modelId: model.id,
      dimension: model.dimension,
      images: collection.catalog.images.count(),
      ...counts,
      skipped,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    collection.close();
  }
}

/** What `addImages` does, to a collection that is open. */
async function addTo(
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
    const { number } = run.write(() => run.catalog.sources.add(source.spec, source.root));
    const walking = walked(source, number);
    sources.push(walking);
    const onSkipped = (skipped: Skipped) => {
      run.skipped.push(skipped);
      walking.unlisted.push(resolve(skipped.path));
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
    run.write(() => run.catalog.sources.walked(walking));
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
