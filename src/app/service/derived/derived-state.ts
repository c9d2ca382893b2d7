import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Collection } from '../../../collection/collection.js';
import { ImagekinError, messageOf } from '../../../core/errors.js';
import { removeLeftovers, writeFileAtomic } from '../../../core/files.js';

/** What the API calls `derivedState`. */
export type DerivedState = 'missing' | 'ready' | 'stale';

/** The moment of a collection that something was made of. To be taken before the first of it is read. */
export interface DerivedOrigin {
  /** When the catalog was made: its numbers say nothing about another one that has taken its place. */
  readonly catalog: string;
  /** Number of its last write. */
  readonly change: number;
  readonly modelId: string;
}

/** Something that was made of a collection, as it is kept. */
export interface Derived<Content> {
  readonly origin: DerivedOrigin;
  /** ISO 8601. */
  readonly computedAt: string;
  readonly content: Content;
}

/** A number that changes with the form of any of these files. What has another one is as if it were not there. */
const format = 1;

/** Where what is made of a collection is kept; it may be deleted at any time. */
export function derivedPath(directory: string, file: string): string {
  return join(directory, 'derived', file);
}

export function originNow({ catalog, model }: Pick<Collection, 'catalog' | 'model'>): DerivedOrigin {
  return { catalog: catalog.settings.origin().createdAt, change: catalog.change(), modelId: model.id };
}

/** @returns `undefined` where nothing was made yet, or what was is not to be read any more */
export async function readDerived<Content>(
  directory: string,
  file: string,
): Promise<Derived<Content> | undefined> {
  const path = derivedPath(directory, file);
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw new ImagekinError('file-not-found', {
      where: path,
      expected: 'a file that can be read',
      got: messageOf(cause),
      fix: 'check who may read it, or remove it',
      cause,
    });
  });
  if (text === undefined) return undefined;
  try {
    const { format: written, ...derived } = JSON.parse(text) as Derived<Content> & {
      readonly format: number;
    };
    return written === format ? derived : undefined;
  } catch {
    return undefined;
  }
}

/** Files beside it, which it speaks of, must be whole before: whoever finds it takes them for what it says. */
export async function writeDerived<Content>(
  directory: string,
  file: string,
  origin: DerivedOrigin,
  content: Content,
): Promise<void> {
  const path = derivedPath(directory, file);
  await removeLeftovers(path);
  const computedAt = new Date().toISOString();
  await writeFileAtomic(path, JSON.stringify({ format, origin, computedAt, content }));
}

/** Whether what was made of a collection is what would be made of it now: of the same vectors, of the same images. */
export function derivedState(
  { catalog, model }: Pick<Collection, 'catalog' | 'model'>,
  derived: Pick<Derived<unknown>, 'origin'> | undefined,
): DerivedState {
  if (derived === undefined) return 'missing';
  const { origin } = derived;
  const isSame = origin.catalog === catalog.settings.origin().createdAt && origin.modelId === model.id;
  const [changed] = catalog.db.row<[number]>(
    'SELECT EXISTS (SELECT 1 FROM changes WHERE change > ?)',
    origin.change,
  )!;
  return isSame && changed === 0 ? 'ready' : 'stale';
}
