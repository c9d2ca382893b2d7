import { realpath, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ImageIds, ImagesChanged } from '../../../api/index.js';
import type { ImageRecord } from '../../../collection/catalog/image-record.js';
import { isInside } from '../../../core/is-inside.js';
import type { ServiceMethod } from '../context.js';
import { uploadsFolder } from '../images/originals.js';
import { realPathWithin } from '../images/within-roots.js';

/** Images removed at a time, so that others who write need not wait long. */
const blockLength = 1000;

/**
 * Removes images from a collection. Their files stay, but for those that were sent to it and lie in its own folder: those would be
 * added again.
 *
 * Its index is not written: searches follow the catalog, and whoever adds or searches next takes the removal along.
 */
export const removeImages: ServiceMethod<ImageIds, ImagesChanged> = async (context, { ids }, { signal }) => {
  const { catalog } = context.collection;
  const wanted = [...new Set(ids)];
  let removed = 0;
  for (let at = 0; at < wanted.length; at += blockLength) {
    signal?.throwIfAborted();
    const gone = catalog.write(() => {
      const found = catalog.images.byId(wanted.slice(at, at + blockLength));
      catalog.images.remove(found.map(({ id }) => id));
      return found;
    });
    removed += gone.length;
    await removeSent(uploadsFolder(context), gone);
  }
  return { images: removed };
};

async function removeSent(folder: string, gone: readonly ImageRecord[]): Promise<void> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) return;
  const folders = [real, resolve(folder)];
  for (const { path, entry } of gone) {
    if (entry !== '' || !folders.some((one) => isInside(path, one))) continue;
    const sent = await realPathWithin(path, [folder]);
    if (sent !== undefined) await rm(sent, { force: true }).catch(() => {});
  }
}
