import type { ImageSummary, QueryImage, SearchRequest, SearchResponse } from '../../../api/index.js';
import type { FilterInput } from '../../../collection/filters/index.js';
import { ImagekinError } from '../../../core/errors.js';
import type { CropRegion } from '../../../image/crop-image.js';
import type {
  CollectionSearcher,
  QueryPart,
  WeightedQueryVector,
} from '../../collection/search/collection-searcher.js';
import type { ServiceMethod } from '../context.js';
import { summariesOf } from '../image-summary.js';
import { scoreHistogram } from '../images/score-histogram.js';

/** A search, with the files that it names. */
export interface SearchQuestion {
  readonly query: SearchRequest;
  /** By the names that images of the query have as `file`. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

/** Images of which a histogram counts the scores. */
const mostScores = 10_000;

/** The images most like some, and least like others. */
export const search: ServiceMethod<SearchQuestion, SearchResponse> = async (
  context,
  question,
  { signal },
) => {
  const startedAt = performance.now();
  const { like, unlike = [], histogram = false, k = 24, fold, where: asked, ...limits } = question.query;
  const { files = {} } = question;
  const searcher = await context.searcher();
  const where = asked as FilterInput | undefined;
  const vectors = await vectorsOf(searcher, [...like, ...unlike], files);
  const [liked, unliked] = [vectors.slice(0, like.length), vectors.slice(like.length)];
  signal?.throwIfAborted();
  const found = await searcher.rank(liked, unliked, {
    ...limits,
    k,
    where,
    fold: fold === 'nothing' ? 'none' : fold,
    signal,
  });
  const scores = histogram
    ? await searcher.nearestScores(liked, unliked, { where, most: mostScores, signal })
    : undefined;

  const shown = found.hits.flatMap(({ id, alike }) => [id, ...alike.map((one) => one.id)]);
  const summaries = summariesOf(context.collection, shown);
  // One that another process has removed since it was found is no result any more.
  const withSummary = <Hit extends { readonly id: number }>(hit: Hit): (Hit & ImageSummary)[] => {
    const image = summaries.get(hit.id);
    return image ? [{ ...image, ...hit }] : [];
  };
  return {
    hits: found.hits.flatMap(withSummary).map(({ probability, alike, ...hit }) => ({
      ...hit,
      probability: probability ?? null,
      likeness: probability === undefined ? null : likenessOf(probability),
      alike: alike.flatMap(withSummary),
    })),
    more: found.more,
    searched: found.searched,
    milliseconds: Math.round((performance.now() - startedAt) * 100) / 100,
    histogram: scores ? scoreHistogram(scores) : null,
    hints: searcher.filterHints(where),
  };
};

function likenessOf(probability: number): 'same' | 'similar' | 'weak' {
  if (probability >= 0.8) return 'same';
  return probability >= 0.5 ? 'similar' : 'weak';
}

/** @throws the reason of the first image that cannot be used */
async function vectorsOf(
  searcher: CollectionSearcher,
  images: readonly QueryImage[],
  files: Readonly<Record<string, Uint8Array>>,
): Promise<WeightedQueryVector[]> {
  const parts = images.map((image, i) => partOf(image, files, i));
  // All at once, so that they are decoded side by side.
  const found = await Promise.all(parts.map((part) => searcher.vectorsOf([part])));
  return found.map(([one], i) => {
    if ('error' in one!) throw one.error;
    return { ...one!, weight: parts[i]!.weight };
  });
}

function partOf(
  { id, file, weight, crop }: QueryImage,
  files: Readonly<Record<string, Uint8Array>>,
  index: number,
): QueryPart {
  const rest = { weight, crop: crop && regionOf(crop, index) };
  if (id !== undefined && file === undefined) return { image: { id }, ...rest };
  const isFile = file !== undefined && id === undefined;
  const bytes = isFile && Object.hasOwn(files, file) ? files[file] : undefined;
  if (bytes) return { image: { bytes, name: `file ${file}` }, ...rest };
  const asked = file === undefined || id !== undefined;
  throw new ImagekinError('wrong-usage', {
    where: `image ${index + 1} of the query`,
    expected: asked ? 'either an id or the name of a file that is sent' : `a file "${file}" beside the query`,
    got: asked ? (id === undefined ? 'neither' : 'both') : Object.keys(files).join(', ') || 'none',
    fix: 'name an image of the collection by id, or send a file as a part of multipart/form-data',
  });
}

/** Shares that add up to more than 1 by rounding mean the whole. */
function regionOf({ x, y, width, height }: NonNullable<QueryImage['crop']>, index: number): CropRegion {
  const slack = 1e-3;
  const region = {
    unit: 'fraction' as const,
    x,
    y,
    width: Math.min(width, 1 - x),
    height: Math.min(height, 1 - y),
  };
  if (x + width <= 1 + slack && y + height <= 1 + slack && region.width > 0 && region.height > 0)
    return region;
  throw new ImagekinError('wrong-usage', {
    where: `crop of image ${index + 1} of the query`,
    expected: 'a part that lies within the image, in shares from 0 to 1',
    got: `${width} × ${height} from ${x}, ${y}`,
    fix: 'see that x + width and y + height are at most 1, and that it is not empty',
  });
}
