import { api, type ImagesQuery } from '../../api.js';

const pageSize = 1000;
/** More than this is nobody's selection by hand; the server takes as many at once. */
export const mostIds = 100_000;

/** Ids of all images that meet a filter. */
export async function idsOf(collection: string, query: ImagesQuery): Promise<number[]> {
  const ids: number[] = [];
  for (;;) {
    const page = await api.images(collection, { ...query, offset: ids.length, limit: pageSize });
    for (const image of page.images) ids.push(image.id);
    if (page.images.length === 0 || ids.length >= Math.min(page.total, mostIds)) return ids;
  }
}
