import { rm } from 'node:fs/promises';
import type { Device } from '../../core/device.js';
import { ImagekinError, messageOf } from '../../core/errors.js';
import { removeLeftovers, writeChunksAtomic } from '../../core/files.js';
import type { OnProgress, Skipped } from '../../core/progress.js';
import { isListed } from '../../data/listing.js';
import type { OpenOptions } from '../../data/open-options.js';
import type { BackboneFlags } from '../../embedding/backbone/backbone-spec.js';
import { embedDecoded } from '../../embedding/embed-decoded.js';
import type { FileLoader } from '../../embedding/file-loader.js';
import type { LoadedImage } from '../../embedding/loaded-image.js';
import type { ModelFile } from '../../embedding/model-file.js';
import { openModel } from '../../embedding/open-model.js';
import { decoderVersion } from '../../image/decode.js';
import type { ImageFacts } from '../../image/decode-pool.js';
import { requireWritableFile } from '../require-writable.js';
import {
  type EmbeddedBlock,
  type EmbeddingFormat,
  type EmbeddingFormatName,
  embeddingFormatNames,
} from './embedding-format.js';
import { embeddingFormats } from './embedding-formats.js';
import {
  type EmbeddedEntry,
  EmbeddingJournal,
  type EntryFacts,
  type SkippedEntry,
} from './embedding-journal.js';
import { countInputs, type InputImage, listInputs } from './list-inputs.js';

export interface EmbedOptions {
  /** Path of a model file, of any ONNX file, or the name of a model that was pulled. */
  readonly model: string;
  /** Any sources; images need no labels. */
  readonly sources: readonly string[];
  /** Where the vectors go. */
  readonly out: string;
  /** Default: by the extension of `out`. */
  readonly format?: EmbeddingFormatName;
  /** How a model from elsewhere is to be used. */
  readonly backbone?: BackboneFlags;
  /** Go on with an unfinished run; start one where there is none. */
  readonly resume?: boolean;
  /** Start anew where an unfinished run lies. */
  readonly overwrite?: boolean;
  readonly threads?: number;
  /** What runs the model. Default: `cpu`, the only one that has been tried. */
  readonly device?: Device;
  readonly open?: OpenOptions;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface EmbedResult {
  /** `false` where the signal stopped the run; it can be resumed. */
  readonly finished: boolean;
  readonly model: string;
  readonly modelId: string;
  /** Path of the vectors. */
  readonly out: string;
  readonly format: EmbeddingFormatName;
  /** Path of the file that says which image a row is of; `null` where `out` says so itself. */
  readonly rows: string | null;
  /** Images embedded. */
  readonly images: number;
  readonly dimension: number;
  readonly skipped: readonly Skipped[];
  /** Of this sitting. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/**
 * Embeds the images of sources, however many they are, and writes the vectors to a file. What is done is kept in a folder beside it
 * until all is done.
 * @throws `wrong-usage` where an unfinished run lies there that one has not said what to do with; `checkpoint-mismatch` where
 * it is another one; `empty-source` where no image can be embedded
 */
export async function embedSources(options: EmbedOptions): Promise<EmbedResult> {
  const { model: path, sources, out, onProgress, signal } = options;
  const format = formatOf(options);
  await requireWritableFile(out);
  const directory = `${out}.part`;
  await requireFreePlace(directory, options);
  const model = await openModel(path, { backbone: options.backbone });
  for (const source of sources) isListed(source);
  // Now that it is sure to begin.
  if (options.overwrite) await EmbeddingJournal.remove(directory);
  await Promise.all([out, rowsPath(out)].map(removeLeftovers));

  const unlisted: Skipped[] = [];
  const open = { ...options.open, signal };
  const identity = { model: model.id, sources, directory: process.cwd(), decoder: decoderVersion };
  const journal = await EmbeddingJournal.open(directory, identity, model.dimension);
  const counting = new AbortController();
  try {
    const startedWith = journal.length;
    let total: number | undefined;
    // Beside the work, as it only tells how long that will take.
    countInputs(sources, { ...open, signal: counting.signal }).then(
      (count) => {
        total = count;
      },
      () => {},
    );
    const startedAt = performance.now();
    const inputs = listInputs(sources, { ...open, onSkipped: (skipped) => unlisted.push(skipped) });
    const report = () =>
      onProgress?.({
        task: 'embedding',
        done: journal.length,
        ...(total !== undefined && { total }),
        unit: 'images',
        startedWith,
      });
    try {
      await embedInto(journal, model, remaining(inputs, journal), { ...options, report });
    } catch (error) {
      // Stopped while it was listing: what is done is kept all the same.
      if (!signal?.aborted || error !== signal.reason) throw error;
    }
    await journal.sync();
    const seconds = (performance.now() - startedAt) / 1000;
    const skipped: Skipped[] = [...unlisted];
    for await (const entry of journal.read())
      if ('skipped' in entry) skipped.push({ path: entry.path ?? entry.id, reason: entry.skipped });
    const finished = !signal?.aborted;
    if (finished) {
      requireVectors(journal, sources, skipped);
      await writeOut(journal, model, out, embeddingFormats[format]);
    }
    return {
      finished,
      model: path,
      modelId: model.id,
      out,
      format,
      rows: embeddingFormats[format].vectorsOnly ? rowsPath(out) : null,
      images: journal.rows,
      dimension: model.dimension,
      skipped,
      seconds,
      imagesPerSecond: (journal.length - startedWith) / seconds,
    };
  } finally {
    counting.abort();
    await journal.close();
  }
}

interface Embedding extends Pick<EmbedOptions, 'threads' | 'device' | 'signal'> {
  readonly report: () => void;
}

async function embedInto(
  journal: EmbeddingJournal,
  model: ModelFile,
  inputs: AsyncIterable<InputImage>,
  { threads, device, signal, report }: Embedding,
): Promise<void> {
  const { inputSize, resize } = model;
  const load = async (input: InputImage, files: FileLoader): Promise<LoadedImage> =>
    'location' in input
      ? files.load(input.location)
      : { pixels: await input.images.pixels([input.index], inputSize, resize) };
  const batches = embedDecoded(model, inputs, load, { threads, device, signal });
  for await (const { outcomes, embeddings } of batches) {
    await journal.append(
      outcomes.map((outcome) => entryOf(outcome)),
      embeddings,
    );
    report();
  }
}

function entryOf({
  item,
  ...outcome
}: {
  readonly item: InputImage;
  readonly facts?: ImageFacts;
  readonly error?: ImagekinError;
}): EntryFacts | SkippedEntry {
  const { id, path, source, label, metadata } = item;
  const about = {
    id,
    ...(path !== undefined && { path }),
    ...(source !== undefined && { source }),
    ...(label !== undefined && { label }),
    ...(metadata && { metadata }),
  };
  if (outcome.error) return { ...about, skipped: messageOf(outcome.error) };
  const { facts } = outcome;
  return facts ? { ...about, width: facts.width, height: facts.height, sha256: facts.sha256 } : about;
}

/** The images that the journal does not have yet. @throws `checkpoint-mismatch` where those that it has are no longer the first */
async function* remaining(
  inputs: AsyncIterable<InputImage>,
  journal: EmbeddingJournal,
): AsyncGenerator<InputImage> {
  const done = journal.read();
  let left = journal.length;
  for await (const input of inputs) {
    if (left === 0) {
      yield input;
      continue;
    }
    left--;
    const { value: before } = await done.next();
    if (before?.id === input.id && before.path === input.path && before.source === input.source) continue;
    throw changed(journal.directory, before?.path ?? before?.id, input.path ?? input.id);
  }
  if (left > 0) throw changed(journal.directory, `${left} more images`, 'the end of the source');
}

function changed(where: string, expected: string | undefined, got: string): ImagekinError {
  return new ImagekinError('checkpoint-mismatch', {
    where,
    expected: `the images that it was started with, next ${expected}`,
    got,
    fix: 'put them back, or start anew by --overwrite',
  });
}

function formatOf({ format, out }: EmbedOptions): EmbeddingFormatName {
  const names = embeddingFormatNames;
  const found = format ?? names.find((name) => out.toLowerCase().endsWith(embeddingFormats[name].extension));
  if (found !== undefined) return found;
  throw new ImagekinError('wrong-usage', {
    where: '--out',
    expected: `a file that ends with ${names.map((name) => embeddingFormats[name].extension).join(', ')}`,
    got: `"${out}"`,
    fix: 'name such a file, or give the format by --format',
  });
}

async function requireFreePlace(directory: string, { resume, overwrite }: EmbedOptions): Promise<void> {
  if (resume || overwrite || !(await EmbeddingJournal.exists(directory))) return;
  throw new ImagekinError('wrong-usage', {
    where: directory,
    expected: 'no unfinished run',
    got: 'one',
    fix: 'go on with it by --resume, or start anew by --overwrite',
  });
}

function requireVectors(journal: EmbeddingJournal, sources: readonly string[], skipped: readonly Skipped[]) {
  if (journal.rows > 0) return;
  throw new ImagekinError('empty-source', {
    where: sources.join(', '),
    expected: 'at least one image that decodes',
    got:
      skipped[0] === undefined
        ? 'no image'
        : `${skipped.length} that do not, as ${skipped[0].path}: ${skipped[0].reason}`,
    fix: 'check the path, or put image files there',
  });
}

function rowsPath(out: string): string {
  return `${out}.images.jsonl`;
}

const rowsAtOnce = 1024;

async function writeOut(
  journal: EmbeddingJournal,
  { id, dimension }: ModelFile,
  out: string,
  format: EmbeddingFormat,
): Promise<void> {
  const embeddings = { rows: journal.rows, dimension, modelId: id, blocks: () => blocksOf(journal) };
  if (format.vectorsOnly) {
    // The vectors last: where they are, everything is. Those of an earlier run are of other images.
    await rm(out, { force: true });
    await writeChunksAtomic(rowsPath(out), rowLines(journal));
  }
  await writeChunksAtomic(out, format.chunks(embeddings));
  journal.isWrittenOut = true;
}

async function* blocksOf(journal: EmbeddingJournal): AsyncGenerator<EmbeddedBlock> {
  const vectors = journal.readRows(rowsAtOnce);
  const block = async (entries: EmbeddedBlock['entries']): Promise<EmbeddedBlock> => ({
    entries,
    vectors: (await vectors.next()).value as Float32Array,
  });
  let entries: EmbeddedEntry[] = [];
  try {
    for await (const entry of journal.read()) {
      if ('skipped' in entry) continue;
      entries.push(entry);
      if (entries.length < rowsAtOnce) continue;
      yield await block(entries);
      entries = [];
    }
    if (entries.length > 0) yield await block(entries);
  } finally {
    await vectors.return(undefined);
  }
}

/** A line for every row of the vectors, in their order. */
async function* rowLines(journal: EmbeddingJournal): AsyncGenerator<string> {
  for await (const { entries } of blocksOf(journal))
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}
