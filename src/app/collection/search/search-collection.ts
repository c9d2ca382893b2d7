import { ImagekinError, messageOf } from '../../../core/errors.js';
import { writeFileAtomic } from '../../../core/files.js';
import type { Skipped } from '../../../core/progress.js';
import { requireWritableFile } from '../../require-writable.js';
import type { CollectionAnswer, DrawnAnswer } from './collection-answer.js';
import {
  CollectionSearcher,
  type FindOptions,
  type Found,
  type SearcherOptions,
} from './collection-searcher.js';
import { readCrop, readQueryText, type WeightedQuery } from './query-text.js';
import type { QueryVector } from './query-vectors.js';
import { stdinQueries } from './stdin-queries.js';

export interface SearchCollectionOptions extends FindOptions, SearcherOptions {
  /** Path of the collection. */
  readonly collection: string;
  /**
   * What to search for: paths of image files, `id:12` or `#12` for images of the collection, with `^2` behind for a weight. A
   * single `-` reads them from stdin, a line each, and answers each as it comes.
   */
  readonly queries: readonly string[];
  /** What results shall be unlike, written in the same way. */
  readonly unlike?: readonly string[];
  /** One search by all queries together. Default where one has a weight. */
  readonly together?: boolean;
  /** The part of each query that is searched for: `x,y,width,height`, in pixels, per cent or shares. */
  readonly crop?: string;
  /** Page of results, from 1, in the place of an offset. */
  readonly page?: number;
  /** Path of a PNG file for a picture of the results. */
  readonly sheet?: string;
  /** Told each answer as soon as it is there. */
  readonly onAnswer?: (answer: CollectionAnswer) => void;
  /** Whether the result holds the answers; they may be very many. Default true. */
  readonly keepAnswers?: boolean;
}

export interface SearchCollectionResult {
  readonly collection: string;
  /** What the model was called when the collection was made. */
  readonly model: string;
  readonly modelId: string;
  readonly k: number;
  readonly offset: number;
  /** Of the queries that could be used. */
  readonly results: readonly CollectionAnswer[];
  /** Path of the picture. */
  readonly sheet: string | null;
  /** Query images that could not be used. */
  readonly skipped: readonly Skipped[];
  /** What is odd about the filter. */
  readonly hints: readonly string[];
}

/**
 * Searches a collection. Queries that cannot be used are listed, and of several that make one query the rest is searched for.
 * @throws the reason of the first, where none of the queries can be used; `filter-invalid`; `image-not-found`; the errors of
 * `CollectionSearcher.open`
 */
export async function searchCollection(options: SearchCollectionOptions): Promise<SearchCollectionResult> {
  const { queries: written, sheet, keepAnswers = true, onAnswer, signal, k = 10 } = options;
  const fromStdin = written.length === 1 && written[0] === '-';
  requireSense(options, fromStdin);
  if (sheet !== undefined) await requireWritableFile(sheet);
  const crop = options.crop === undefined ? undefined : readCrop(options.crop);
  const unlikeQueries = (options.unlike ?? []).map(readQueryText);
  const named = fromStdin ? [] : written.map(readQueryText);
  const together = options.together ?? named.some(({ weight }) => weight !== undefined);
  const find: FindOptions = { ...options, k, offset: offsetOf(options, k) };
  const { collection, model, backbone, threads, device, onProgress } = options;
  const searcher = await CollectionSearcher.open(collection, {
    model,
    backbone,
    threads,
    device,
    onProgress,
    signal,
  });
  try {
    const hints = searcher.filterHints(options.where);
    const skipped: Skipped[] = [];
    const reasons: ImagekinError[] = [];
    const skip = (text: string, error: ImagekinError) => {
      reasons.push(error);
      skipped.push({ path: text, reason: messageOf(error) });
    };
    const refuse = (query: string, { code, message }: ImagekinError) =>
      onAnswer?.({ query, hits: [], more: false, searched: 0, error: { code, message } });
    const usable = async (queries: readonly WeightedQuery[], part?: typeof crop) => {
      const vectors = await searcher.vectorsOf(queries, part);
      return queries.flatMap((query, i): (WeightedQuery & QueryVector)[] => {
        const one = vectors[i]!;
        if (!('error' in one)) return [{ ...query, ...one }];
        skip(query.text, one.error);
        return [];
      });
    };
    const unlike = await usable(unlikeQueries);
    const drawn: DrawnAnswer[] = [];
    let answered = 0;
    const answer = async (queries: readonly WeightedQuery[]) => {
      signal?.throwIfAborted();
      const before = reasons.length;
      const like = await usable(queries, crop);
      const query = queries.map(({ text }) => text).join(', ');
      if (like.length === 0) {
        refuse(query, reasons[before]!);
        return;
      }
      let found: Found;
      try {
        found = await searcher.findVectors(like, unlike, find);
      } catch (error) {
        // One that makes no sense, such as an image less itself; the next may.
        if (!(error instanceof ImagekinError && error.code === 'wrong-usage')) throw error;
        skip(query, error);
        refuse(query, error);
        return;
      }
      const whole: CollectionAnswer = { query, ...found };
      answered++;
      onAnswer?.(whole);
      if (keepAnswers) drawn.push({ answer: whole, image: like[0]!.image });
    };

    if (fromStdin)
      for await (const line of stdinQueries(signal)) {
        const query = queryOf(line);
        if ('image' in query) await answer([query]);
        else {
          skip(line, query.error);
          refuse(line, query.error);
        }
      }
    else if (together) await answer(named);
    else for (const query of named) await answer([query]);
    if (!fromStdin && answered === 0) throw reasons[0];

    if (sheet !== undefined) {
      const { searchSheet } = await import('./search-sheet.js');
      await writeFileAtomic(sheet, await searchSheet(searcher.collection, drawn));
    }
    const { id, name } = searcher.collection.model;
    return {
      collection,
      model: name,
      modelId: id,
      k,
      offset: find.offset!,
      results: drawn.map((one) => one.answer),
      sheet: sheet ?? null,
      skipped,
      hints,
    };
  } finally {
    await searcher.close();
  }
}

function queryOf(line: string): WeightedQuery | { readonly error: ImagekinError } {
  try {
    return readQueryText(line);
  } catch (error) {
    if (error instanceof ImagekinError) return { error };
    throw error;
  }
}

function offsetOf({ page, offset = 0 }: SearchCollectionOptions, k: number): number {
  return page === undefined ? offset : (page - 1) * k;
}

function requireSense(options: SearchCollectionOptions, fromStdin: boolean): void {
  const { queries, page, offset, sheet } = options;
  const wrong = (expected: string, got: string, fix: string) =>
    new ImagekinError('wrong-usage', { where: 'search', expected, got, fix });
  if (queries.length === 0) throw wrong('at least one image to search for', 'none', 'name image files');
  if (!fromStdin && queries.includes('-'))
    throw wrong('- alone, or none', 'it among other images', 'name all images on stdin');
  if (page !== undefined && offset !== undefined)
    throw wrong('a page or an offset', 'both', 'leave one of them out');
  if (fromStdin && sheet !== undefined)
    throw wrong('images that are named, for a picture', 'a list on stdin', 'name them, or leave out --sheet');
  if (fromStdin && options.together)
    throw wrong('images that are named, to be searched for together', 'a list on stdin', 'name them');
}
