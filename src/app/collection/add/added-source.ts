import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { CatalogSource } from '../../../collection/catalog/source-table.js';
import { ImagekinError } from '../../../core/errors.js';
import type { Skipped } from '../../../core/progress.js';
import { isListed, openListing } from '../../../data/listing.js';
import type { OpenOptions } from '../../../data/open-options.js';
import { builtInSourceNames, openImages, parseSourceSpec } from '../../../data/source.js';
import { type Candidate, fileCandidate, inMemoryCandidate } from './candidate.js';

export type SourceKind =
  | 'folder'
  | 'archive'
  | 'manifest'
  | 'pattern'
  | 'image'
  /** Paths on standard input: what is not among them has not gone. */
  | 'list'
  /** Images that are no files. */
  | 'memory';

/** A source as it is given to `add`. */
export interface AddedSource {
  /** As the user wrote it. */
  readonly given: string;
  /** The same with absolute paths: so it is known to the collection. */
  readonly spec: string;
  /** The folder or file that it means, absolute. Of a manifest, its folder. */
  readonly root: string | null;
  readonly kind: SourceKind;
  /** Whether it is all of it, not a split or half of the classes. */
  readonly isWhole: boolean;
}

/**
 * What a source stands for.
 * @param known sources of the collection: of these it is known that they were there
 * @throws `unknown-source`; `source-missing` where a known one is not there now
 */
export function describeSource(given: string, known: readonly CatalogSource[] = []): AddedSource {
  const { name, split } = parseSourceSpec(given);
  const suffix = split === undefined ? '' : `:${split}`;
  const isWhole = split === undefined || split === 'all';
  if (name === '-') return { given, spec: given, root: null, kind: 'list', isWhole };
  if (builtInSourceNames.includes(name)) return { given, spec: given, root: null, kind: 'memory', isWhole };
  const place = absolute(name);
  const spec = `${place}${suffix}`;
  if (!existsSync(name) && known.some((source) => source.spec === spec)) throw goneSource(name);
  const source = (kind: SourceKind, root: string): AddedSource => ({ given, spec, root, kind, isWhole });
  if (!isListed(given)) return source('memory', place);
  if (!existsSync(name)) return source('pattern', baseOf(place));
  if (statSync(name).isDirectory()) return source('folder', place);
  if (/\.(csv|tsv|jsonl|ndjson)$/i.test(name)) return source('manifest', dirname(place));
  return source(/\.(zip|tar)$/i.test(name) ? 'archive' : 'image', place);
}

/** All images of a source, without a look at their files. */
export async function* candidatesOf(
  { given, spec, root, kind }: AddedSource,
  options: OpenOptions & { readonly onSkipped: (skipped: Skipped) => void },
): AsyncGenerator<Candidate> {
  if (kind !== 'memory') {
    for await (const image of await openListing(given, options)) yield fileCandidate(image);
    return;
  }
  const images = await openImages(given, { ...options, labels: 'optional' });
  for (const skipped of images.skipped) options.onSkipped(skipped);
  // The same image by whatever split of its source it comes.
  const place = root ?? parseSourceSpec(spec).name;
  for (let index = 0; index < images.length; index++) yield inMemoryCandidate(place, images, index);
}

/** A pattern is not normalised as a whole: `..` behind a wildcard is not the folder before it. */
function absolute(name: string): string {
  if (existsSync(name)) return resolve(name);
  return isAbsolute(name) ? name : `${resolve('.')}/${name.replace(/^(\.\/)+/, '')}`;
}

/** The folders before the first wildcard. */
function baseOf(pattern: string): string {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => /[*?[\]{}]|[!@+]\(/.test(part));
  return resolve(parts.slice(0, first).join('/') || '/');
}

function goneSource(name: string): ImagekinError {
  return new ImagekinError('source-missing', {
    where: name,
    expected: 'the source that images were added from',
    got: 'nothing there, perhaps as a disk is not plugged in',
    fix: 'bring it back; if it is gone for good: imagekin remove <collection> --source <it>',
  });
}
