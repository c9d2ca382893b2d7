import { Collection } from '../../collection/collection.js';
import type { OnProgress } from '../../core/progress.js';
import { findLeftovers, removeLeftovers } from './leftovers.js';
import { checkCatalog, checkImages } from './verify/check-catalog.js';
import { checkFiles } from './verify/check-files.js';
import { checkIndex } from './verify/check-index.js';
import { checkModels } from './verify/check-models.js';
import { checkVectors } from './verify/check-vectors.js';
import { type Finding, type FindingKind, type Found, findingKinds, mostExamples } from './verify/finding.js';

export interface VerifyOptions {
  readonly collection: string;
  /** Read the files of all images as well, and compare what is in them. Default false. */
  readonly deep?: boolean;
  /** Mend what can be mended without a loss. Default false: then nothing is written. */
  readonly fix?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface VerifyResult {
  readonly collection: string;
  readonly deep: boolean;
  /** Whether nothing is damaged, or all that was has been mended. */
  readonly clean: boolean;
  readonly findings: readonly Finding[];
  /** What has been looked at. */
  readonly checked: { readonly images: number; readonly vectors: number; readonly files: number };
  readonly seconds: number;
}

/**
 * Looks for all that can be wrong with a collection: in the catalog, its vectors, the models, the index, and with `deep` the
 * files of the images.
 * @throws `collection-damaged` where the catalog cannot even be opened
 */
export async function verifyCollection(options: VerifyOptions): Promise<VerifyResult> {
  const { collection: directory, deep = false, fix = false, signal } = options;
  const startedAt = performance.now();
  const collection = fix ? Collection.open(directory) : Collection.openToRead(directory);
  try {
    const found: Found[] = [];
    const steps: (() => Promise<Found[]> | Found[])[] = [
      () => checkCatalog(collection),
      () => checkModels(collection),
      () => checkVectors(collection, options),
      () => checkImages(collection),
      // What cannot be read cannot be compared.
      () => (found.some(({ kind }) => unreadable.has(kind)) ? [] : checkIndex(collection, options)),
      () => checkLeftovers(collection),
    ];
    for (const step of steps) {
      signal?.throwIfAborted();
      found.push(...(await step()));
    }
    const files = deep ? await checkFiles(collection, options) : undefined;
    if (files) found.push(...files.found);
    const findings: Finding[] = [];
    for (const { kind, count, examples, fix: mend } of found) {
      signal?.throwIfAborted();
      const fixed = fix && mend ? await mend() : 'no';
      findings.push({ kind, count, examples, ...findingKinds[kind], fixed });
    }
    const { catalog } = collection;
    const models = catalog.models.all();
    return {
      collection: directory,
      deep,
      clean: findings.every(({ severity, fixed }) => severity === 'note' || fixed === 'mended'),
      findings,
      checked: {
        images: catalog.images.count({ sql: 'true', params: [] }),
        vectors: models.reduce((sum, model) => sum + catalog.models.vectors(model).countAll(), 0),
        files: files?.files ?? 0,
      },
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    collection.close();
  }
}

const unreadable: ReadonlySet<FindingKind> = new Set(['catalog-damaged', 'vectors-malformed']);

async function checkLeftovers(collection: Collection): Promise<Found[]> {
  const leftovers = await findLeftovers(collection);
  if (leftovers.length === 0) return [];
  return [
    {
      kind: 'leftovers',
      count: leftovers.length,
      examples: leftovers.slice(0, mostExamples).map(({ path }) => path),
      fix: async () => {
        await removeLeftovers(leftovers);
        return 'mended' as const;
      },
    },
  ];
}
