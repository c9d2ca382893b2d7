import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
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
  /** Name of the file beside it with what is too much for JSON. */
  readonly beside?: string;
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

/**
 * Keeps what was made. What is too much for JSON goes to a file beside it, which has another name each time: so whoever has
 * read the one never finds the other of another time.
 */
export async function writeDerived<Content>(
  directory: string,
  file: string,
  origin: DerivedOrigin,
  content: Content,
  beside?: { readonly extension: string; readonly bytes: Uint8Array },
): Promise<void> {
  const path = derivedPath(directory, file);
  const stem = file.replace(/\.json$/, '');
  const name = beside && `${stem}-${randomBytes(6).toString('hex')}${beside.extension}`;
  await removeLeftovers(path);
  if (name !== undefined) await writeFileAtomic(derivedPath(directory, name), beside!.bytes);
  const computedAt = new Date().toISOString();
  await writeFileAtomic(
    path,
    JSON.stringify({ format, origin, computedAt, content, ...(name !== undefined && { beside: name }) }),
  );
  const others = new RegExp(`^${stem}-[0-9a-f]{12}\\.`);
  for (const other of await readdir(join(path, '..')))
    if (others.test(other) && other !== name) await rm(join(path, '..', other), { force: true });
}

/** What is too much for JSON of what was made. */
export interface DerivedBytes {
  readonly origin: DerivedOrigin;
  /** Name of the file that they are in, which no others have. */
  readonly beside: string;
  /** `null` where they are known. */
  readonly bytes: Uint8Array | null;
}

/**
 * The bytes beside what was made. Where it is made anew between the two files, they are those of the new one.
 * @param isKnown whether bytes, by the name of their file, need not be read
 * @returns `undefined` where nothing was made yet, or somebody has removed them
 */
export async function readBeside(
  directory: string,
  file: string,
  isKnown: (beside: string) => boolean,
): Promise<DerivedBytes | undefined> {
  for (let tries = 0; tries < 2; tries++) {
    const derived = await readDerived<unknown>(directory, file);
    if (derived?.beside === undefined) return undefined;
    const { origin, beside } = derived;
    if (isKnown(beside)) return { origin, beside, bytes: null };
    const bytes = await readFile(derivedPath(directory, beside)).catch(() => undefined);
    if (bytes) return { origin, beside, bytes };
  }
  return undefined;
}

/** Whether an origin is of the catalog that is there now, and of the model that is searched now. */
export function isSameOrigin(
  { catalog, model }: Pick<Collection, 'catalog' | 'model'>,
  origin: DerivedOrigin,
): boolean {
  return origin.catalog === catalog.settings.origin().createdAt && origin.modelId === model.id;
}

/**
 * Whether what was made of a collection is what would be made of it now: of the same vectors, of the same images, and where
 * it is made of `labels`, of the same labels.
 */
export function derivedState(
  { catalog, model }: Pick<Collection, 'catalog' | 'model'>,
  derived: Pick<Derived<unknown>, 'origin'> | undefined,
  { labels = false }: { readonly labels?: boolean } = {},
): DerivedState {
  if (derived === undefined) return 'missing';
  const { origin } = derived;
  const [changed] = catalog.db.row<[number]>(
    'SELECT EXISTS (SELECT 1 FROM changes WHERE change > ?)',
    origin.change,
  )!;
  if (labels && catalog.labelChange() > origin.change) return 'stale';
  return isSameOrigin({ catalog, model }, origin) && changed === 0 ? 'ready' : 'stale';
}

/** @param collection its name, as whoever asks need not know where it lies @param job what makes it */
export function notComputed(collection: string, job: string): ImagekinError {
  return new ImagekinError('not-computed', {
    where: `collection ${collection}`,
    expected: `what the job "${job}" makes`,
    got: 'nothing',
    fix: `start that job`,
  });
}
