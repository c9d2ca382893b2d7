import type { Catalog } from '../../collection/catalog/catalog.js';
import { absent } from '../../collection/catalog/image-table.js';
import type { CatalogModel } from '../../collection/catalog/vector-table.js';

/** How many images a collection has of which kind. */
export interface ImageFacts {
  /** Without the missing ones. */
  readonly images: number;
  readonly missing: number;
  /** Of the images, those without a label. */
  readonly unlabelled: number;
  /** Labels, those with the most images first. */
  readonly labelled: readonly { readonly label: string; readonly images: number }[];
  /** Files that could not be used. */
  readonly failures: number;
}

export function imageFacts({ images, failures }: Catalog): ImageFacts {
  const labels = images.labels();
  return {
    images: images.count(),
    missing: images.count(absent),
    unlabelled: labels.find(({ label }) => label === null)?.images ?? 0,
    labelled: labels.filter((entry): entry is { label: string; images: number } => entry.label !== null),
    failures: failures.count(),
  };
}

/** The sources of a collection, each with the present images that came by it. */
export function sourceFacts({ db, sources }: Catalog) {
  const perSource = new Map(
    db.rows<[number, number]>(
      'SELECT source, count(*) FROM images WHERE missing_since IS NULL GROUP BY source',
    ),
  );
  return sources.all().map(({ number, spec, addedAt, walkedAt }) => ({
    source: spec,
    images: perSource.get(number) ?? 0,
    addedAt,
    walkedAt,
  }));
}

/** The model that `reindex` is changing to, and how far it is; `null` where it is not. */
export function reindexFacts({
  images,
  models,
}: Catalog): { readonly model: CatalogModel; readonly done: number; readonly total: number } | null {
  const model = models.next();
  if (!model) return null;
  const total = images.count();
  return { model, done: total - models.vectors(model).countWithout(), total };
}

/** Bytes of the vectors of all models. */
export function vectorBytes({ models }: Catalog): number {
  return models.all().reduce((sum, one) => sum + 4 * one.dimension * models.vectors(one).countAll(), 0);
}
