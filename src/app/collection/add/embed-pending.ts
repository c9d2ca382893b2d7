import type { Failure } from '../../../collection/catalog/failure-table.js';
import { type NewImage, placeKey } from '../../../collection/catalog/image-record.js';
import type { Device } from '../../../core/device.js';
import type { ImagekinError } from '../../../core/errors.js';
import { embedDecoded } from '../../../embedding/embed-decoded.js';
import type { EmbeddedBatch, Outcome } from '../../../embedding/embed-stream.js';
import type { LoadedImage } from '../../../embedding/loaded-image.js';
import { decodeModel, type ModelFile } from '../../../embedding/model-file.js';
import type { ImageFacts } from '../../../image/decode-pool.js';
import type { Size } from '../../../image/image.js';
import { type ImagePreview, previewOf } from '../../../image/preview.js';
import { isPassing, reasonOf } from '../../../image/undecodable.js';
import type { AddRun } from './add-run.js';
import { candidateName, type InMemoryImage, isInMemory } from './candidate.js';
import { describedAnew, withEdits } from './described.js';
import { editedNow } from './edited-now.js';
import type { Pending } from './settle-block.js';

export interface EmbedPendingOptions {
  readonly threads?: number;
  readonly device?: Device;
  readonly signal?: AbortSignal;
}

/** An image on its way through the model, and what was made of it besides. */
interface Work {
  readonly pending: Pending;
  preview?: ImagePreview;
}

/**
 * Decodes and embeds images and writes them to the catalog, a batch at a time. The model is loaded when the first one comes:
 * where nothing is new there is no need of it.
 */
export async function embedPending(
  run: AddRun,
  images: AsyncGenerator<Pending>,
  onFirst: () => void,
  options: EmbedPendingOptions,
): Promise<void> {
  const first = await nextUnlessAborted(images, options.signal);
  if (first.done) return;
  onFirst();
  const model = decodeModel(await run.collection.modelBytes(run.model), run.collection.modelPath(run.model));
  const { inputSize, resize } = model;
  const works = async function* (): AsyncGenerator<Work> {
    yield { pending: first.value };
    for await (const pending of images) yield { pending };
  };
  const batches = embedDecoded(
    model,
    works(),
    async (work, { pool }): Promise<LoadedImage> => {
      const { from } = work.pending.candidate;
      run.counts.decoded++;
      if (isInMemory(from)) {
        work.preview = await previewInMemory(from);
        return { pixels: await from.images.pixels([from.index], inputSize, resize) };
      }
      const { pixels, facts, preview } = await pool.decode(from, inputSize, resize, { preview: true });
      work.preview = preview;
      return { pixels, facts };
    },
    options,
  );
  for await (const batch of batches) {
    writeBatch(run, batch, model);
    run.report();
  }
}

/** The next one may never come, as from a list on stdin. */
function nextUnlessAborted(
  images: AsyncGenerator<Pending>,
  signal: AbortSignal | undefined,
): Promise<IteratorResult<Pending, void>> {
  const coming = images.next();
  if (signal === undefined) return coming;
  return new Promise((resolve, reject) => {
    const stop = () => resolve({ done: true, value: undefined });
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

const commonSize: Size = { width: 128, height: 128 };

async function previewInMemory({ images, index }: InMemoryImage): Promise<ImagePreview> {
  const size = images.nativeSize ?? commonSize;
  return previewOf({ ...size, data: await images.pixels([index], size) }, size);
}

/** What is reported after this is on the disk. */
function writeBatch(run: AddRun, { outcomes, embeddings }: EmbeddedBatch<Work>, model: ModelFile): void {
  const sound: { readonly work: Work; readonly image: NewImage }[] = [];
  const failures: Failure[] = [];
  /** Images whose files have come to be damaged: what is known of them is no longer there. */
  const lost: number[] = [];
  const failed: { readonly path: string; readonly reason: string }[] = [];
  for (const outcome of outcomes) {
    const { pending } = outcome.item;
    const { candidate, source, state, before } = pending;
    run.underWay.delete(placeKey(candidate));
    if (!('error' in outcome)) {
      sound.push({ work: outcome.item, image: newImage(outcome, model) });
      continue;
    }
    const reason = reasonOf(outcome.error);
    failed.push({ path: candidateName(candidate), reason });
    const { path, entry } = candidate;
    if (isLasting(outcome.error)) {
      run.failing.add(placeKey(candidate));
      failures.push({ path, entry, ...state, source: source.number, reason });
      if (before) lost.push(before.id);
    } else if (before) run.seen.add(before.id);
  }
  const { catalog } = run;
  const ids = run.write(() => {
    catalog.failures.put(failures);
    run.counts.missing += catalog.images.markMissing(lost);
    const edited = editedNow(
      catalog,
      sound.flatMap(({ work: { pending } }) => pending.before?.id ?? []),
    );
    const written = catalog.images.put(
      sound.map(({ work, image }) => {
        const { before } = work.pending;
        const now = before && edited.get(before.id);
        return now ? { ...image, ...withEdits(image, now.image, now.edit) } : image;
      }),
    );
    run.vectors.put(written, embeddings);
    for (const [i, { work }] of sound.entries()) catalog.previews.put(written[i]!, work.preview!);
    return written;
  });
  for (const id of ids) run.seen.add(id);
  for (const { work } of sound) run.counts[work.pending.before ? 'changed' : 'added']++;
  for (const { path, reason } of failed) run.fail(path, reason);
}

/** Whether a file will fail again as long as it stays as it is. */
function isLasting(error: ImagekinError): boolean {
  return error.code !== 'file-not-found' && !isPassing(error);
}

function newImage(outcome: Outcome<Work> & { readonly facts?: ImageFacts }, model: ModelFile): NewImage {
  const { item, facts } = outcome;
  const { candidate, source, state, before } = item.pending;
  const { path, entry, name, archived, from } = candidate;
  const size = facts ?? (isInMemory(from) ? (from.images.nativeSize ?? model.inputSize) : undefined);
  return {
    path,
    entry,
    ...state,
    source: source.number,
    name,
    archived,
    sha256: facts?.sha256 ?? null,
    width: size?.width ?? null,
    height: size?.height ?? null,
    format: facts?.format ?? null,
    ...describedAnew(candidate, item.preview?.exif ?? {}, before),
  };
}
