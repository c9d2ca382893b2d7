import type { Crop, SearchRequest } from '../api.js';
import type { Codec } from '../params.js';

/** One image of a query: of the collection, or one that was dropped, pasted or chosen. */
export interface QueryPart {
  readonly image: { readonly id: number } | { readonly file: string };
  /** Whether results shall be unlike it. */
  readonly unlike: boolean;
  /** `undefined`: what the server takes. */
  readonly weight: number | undefined;
  readonly crop: Crop | undefined;
}

export const mostParts = 16;
export const defaultWeight = { like: 1, unlike: 0.5 } as const;
export const weightRange = { least: 0.1, most: 4 } as const;

export function weightOf(part: QueryPart): number {
  return part.weight ?? (part.unlike ? defaultWeight.unlike : defaultWeight.like);
}

export function partOfId(id: number, unlike = false): QueryPart {
  return { image: { id }, unlike, weight: undefined, crop: undefined };
}

export function partOfFile(file: string): QueryPart {
  return { image: { file }, unlike: false, weight: undefined, crop: undefined };
}

/** Tells parts of a query apart: the same part of the same image is only once in it. */
export function partKey({ image, crop }: QueryPart): string {
  return writeImage(image) + writeCrop(crop);
}

/** The query with a part more; one that was there already is now on the side that was asked for. */
export function withPart(query: readonly QueryPart[], part: QueryPart): readonly QueryPart[] {
  const key = partKey(part);
  const others = query.filter((each) => partKey(each) !== key);
  if (others.length < query.length) {
    return query.map((each) =>
      partKey(each) === key ? { ...each, unlike: part.unlike, weight: part.weight } : each,
    );
  }
  return [...query, part].slice(-mostParts);
}

export function replacePart(
  query: readonly QueryPart[],
  index: number,
  changes: Partial<QueryPart> | undefined,
): readonly QueryPart[] {
  return changes === undefined
    ? query.filter((_, at) => at !== index)
    : query.map((part, at) => (at === index ? { ...part, ...changes } : part));
}

const pattern = /^(-?)(?:(\d{1,10})|f([0-9a-f]{16}))(?:\*(\d+(?:\.\d+)?))?(?:@(\d+)\.(\d+)\.(\d+)\.(\d+))?$/;

/** A crop stands in addresses in ten-thousandths of the image. */
const cropUnits = 10_000;

/**
 * A query as it stands in an address: `12~-45*0.5~f0123456789abcdef@0.0.5000.5000` is like 12, half as much unlike 45,
 * and like the upper left quarter of a file. What cannot be read is left out.
 */
export const queryCodec: Codec<readonly QueryPart[]> = {
  read: (text) => (text ?? '').split('~').flatMap((each) => readPart(each) ?? []),
  write: (query) => (query.length === 0 ? null : query.map(writePart).join('~')),
};

function readPart(text: string): QueryPart | undefined {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const [, minus, id, file, weight, ...crop] = found;
  if (id !== undefined && (Number(id) < 1 || Number(id) > 2 ** 32 - 1)) return undefined;
  return {
    image: id === undefined ? { file: file! } : { id: Number(id) },
    unlike: minus === '-',
    weight: weight === undefined || Number(weight) === 0 ? undefined : Number(weight),
    crop: crop[0] === undefined ? undefined : readCrop(crop.map(Number)),
  };
}

function readCrop([x, y, width, height]: number[]): Crop | undefined {
  if (!width || !height || x! + width > cropUnits || y! + height > cropUnits) return undefined;
  return { x: x! / cropUnits, y: y! / cropUnits, width: width / cropUnits, height: height / cropUnits };
}

function writePart(part: QueryPart): string {
  const weight = part.weight === undefined ? '' : `*${Number(part.weight.toFixed(2))}`;
  return `${part.unlike ? '-' : ''}${writeImage(part.image)}${weight}${writeCrop(part.crop)}`;
}

function writeImage(image: QueryPart['image']): string {
  return 'id' in image ? String(image.id) : `f${image.file}`;
}

function writeCrop(crop: Crop | undefined): string {
  if (!crop) return '';
  const edge = (share: number) => Math.round(Math.min(1, Math.max(0, share)) * cropUnits);
  // Edges are rounded, not lengths: rounded lengths could reach over the image's edge.
  const [left, top] = [edge(crop.x), edge(crop.y)];
  return `@${left}.${top}.${edge(crop.x + crop.width) - left}.${edge(crop.y + crop.height) - top}`;
}

/** Files that a query needs, by their hashes. */
export function filesOf(query: readonly QueryPart[]): readonly string[] {
  return [...new Set(query.flatMap(({ image }) => ('file' in image ? [image.file] : [])))];
}

/** What the server is asked for a query; `undefined` where nothing is to be alike, so that there is nothing to ask. */
export function requestOf(
  query: readonly QueryPart[],
  options: Omit<SearchRequest, 'like' | 'unlike'>,
): SearchRequest | undefined {
  const side = (unlike: boolean) =>
    query
      .filter((part) => part.unlike === unlike)
      .map(({ image, weight, crop }) => ({
        ...('id' in image ? { id: image.id } : { file: image.file }),
        ...(weight !== undefined && { weight }),
        ...(crop && { crop }),
      }));
  const [like, unlike] = [side(false), side(true)];
  if (like.length === 0) return undefined;
  return { like, ...(unlike.length > 0 && { unlike }), ...options };
}

/** An id as people write it: `12` or `#12`. */
export function readId(text: string): number | undefined {
  const found = /^\s*#?\s*([1-9]\d{0,9})\s*$/.exec(text);
  const id = found ? Number(found[1]) : 0;
  return id >= 1 && id <= 2 ** 32 - 1 ? id : undefined;
}
