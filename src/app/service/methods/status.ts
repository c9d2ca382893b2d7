import type { CollectionStatus } from '../../../api/index.js';
import { jsonParameter } from '../../../collection/catalog/database.js';
import { everything } from '../../../collection/catalog/image-table.js';
import { IndexFiles } from '../../../collection/index/index-files.js';
import { reindexFacts, sourceFacts, vectorBytes } from '../../collection/catalog-facts.js';
import { bytesOf } from '../../collection/collection-bytes.js';
import type { ServiceContext, ServiceMethod } from '../context.js';
import { kept } from '../kept.js';
import { summary } from './summary.js';

type Facts = Pick<CollectionStatus, 'withoutVector' | 'sources' | 'reindex'> & {
  readonly thumbnails: number;
  readonly vectors: number;
};

/** Thumbnails that are measured; of more, what all of them take is worked out from these. */
const measured = 5000;

/** What there is to say of a collection. Nothing of it is changed, nor is anything built. */
export const status: ServiceMethod<Record<string, never>, CollectionStatus> = async (
  context,
  request,
  options,
) => {
  const { collection, directory } = context;
  const { thumbnails, vectors, ...facts } = kept(context, rememberedFacts).now();
  const { kind = 'auto', quantization = 'auto' } = collection.catalog.settings.index();
  const manifest = await new IndexFiles(collection.indexDirectory).manifest();
  const recall = manifest?.modelId === collection.model.id ? manifest.hnsw?.recall?.recallAt10 : undefined;
  return {
    ...(await summary(context, request, options)),
    ...facts,
    index: { kind, quantization, recall: recall ?? null },
    bytes: { ...(await bytesOf(directory)), thumbnails, vectors },
  };
};

/** What takes a while to count is counted once for each write. */
function rememberedFacts({ collection }: ServiceContext) {
  const { catalog } = collection;
  let known: { readonly change: number; readonly facts: Facts } | undefined;
  return {
    now(): Facts {
      return catalog.db.snapshot(() => {
        const change = catalog.change();
        if (known?.change !== change) known = { change, facts: factsOf({ collection }) };
        return known.facts;
      });
    },
  };
}

function factsOf({ collection }: Pick<ServiceContext, 'collection'>): Facts {
  const { catalog, vectors } = collection;
  const reindex = reindexFacts(catalog);
  return {
    withoutVector: vectors.countWithout(),
    sources: sourceFacts(catalog),
    reindex: reindex && { ...reindex, model: reindex.model.name },
    thumbnails: thumbnailBytes(collection),
    vectors: vectorBytes(catalog),
  };
}

function thumbnailBytes({ catalog }: ServiceContext['collection']): number {
  const { db } = catalog;
  const [last] = db.row<[number | null]>('SELECT max(id) FROM images')!;
  const images = catalog.images.count(everything);
  const step = Math.max(1, Math.ceil((last ?? 0) / measured));
  const ids = Array.from({ length: Math.floor((last ?? 0) / step) }, (_, i) => (i + 1) * step);
  const [count, bytes] = db.row<[number, number]>(
    `SELECT count(*), coalesce(sum(length(previews.thumbnail)), 0) FROM json_each(?) AS wanted
     JOIN images ON images.id = wanted.value LEFT JOIN previews ON previews.image = images.id`,
    jsonParameter(ids),
  )!;
  return step === 1 || count === 0 ? bytes : Math.round((bytes / count) * images);
}
