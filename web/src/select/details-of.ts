import { api, type ImageDetails } from '../api.js';

/** Questions under way at once: more than that would wait in the browser anyway. */
const atOnce = 6;

/** All that is known of some images, in their order; those that are gone are left out. */
export async function detailsOf(
  collection: string,
  ids: readonly number[],
  onProgress: (done: number) => void = () => {},
): Promise<ImageDetails[]> {
  const found: (ImageDetails | undefined)[] = new Array(ids.length);
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (next < ids.length) {
      const at = next++;
      found[at] = await api.image(collection, ids[at]!).catch((error: unknown) => {
        if (isGone(error)) return undefined;
        throw error;
      });
      onProgress(++done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, worker));
  return found.filter((image) => image !== undefined);
}

function isGone(error: unknown): boolean {
  return (error as { problem?: { status?: number } }).problem?.status === 404;
}
