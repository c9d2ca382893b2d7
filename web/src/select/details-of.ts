import { api, type ImageDetails } from '../api.js';

/** The server tells of no more at once. */
const pageSize = 200;
/** Questions under way at once, so that the server has the next one when it has answered. */
const atOnce = 2;

/** All that is known of some images, in their order; those that are gone are left out. */
export async function detailsOf(
  collection: string,
  ids: readonly number[],
  read = api.readImages,
): Promise<ImageDetails[]> {
  const pages: ImageDetails[][] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next * pageSize < ids.length) {
      const page = next++;
      pages[page] = await read(collection, ids.slice(page * pageSize, (page + 1) * pageSize));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return pages.flat();
}
