import { api, type ImageSummary } from '../../api.js';
import { PagedItems } from '../../grid/items.js';
import { collection } from '../../router.js';

const pageSize = 60;

/** Images of some points, asked for by their ids as they come into view. */
export function pickedImages(ids: ArrayLike<number>): PagedItems<ImageSummary> {
  return new PagedItems<ImageSummary>(async (offset, limit, signal) => {
    const wanted = Array.from({ length: Math.min(limit, ids.length - offset) }, (_, at) => ids[offset + at]!);
    if (wanted.length === 0) return { items: [], total: ids.length };
    const filter = `id in (${wanted.join(', ')})`;
    const { images } = await api.images(collection.peek(), { filter, limit: wanted.length }, signal);
    const byId = new Map(images.map((image) => [image.id, image]));
    return { items: wanted.map((id) => byId.get(id) ?? gone(id)), total: ids.length };
  }, pageSize);
}

/** In the place of an image that was removed after the map was made. */
function gone(id: number): ImageSummary {
  return { id, name: `image ${id} (no longer there)`, label: null, width: null, height: null, version: '' };
}
