import type { ServiceContext, ServiceMethod } from '../context.js';
import { decoder } from '../decoder.js';
import { imageVersion } from '../image-summary.js';
import { imageSource } from '../images/image-source.js';
import { requireImage } from '../images/require-image.js';
import { kept } from '../kept.js';

export interface PreviewRequest {
  readonly id: number;
  /** Most pixels across. */
  readonly widthPx: number;
}

export interface DrawnPreview {
  readonly version: string;
  /** WebP. */
  readonly bytes: Uint8Array;
}

/** Previews that are remembered, in bytes: who leafs back sees them at once. */
const mostBytes = 32 * 2 ** 20;

/** The picture of an image, shrunk. */
export const preview: ServiceMethod<PreviewRequest, DrawnPreview> = async (context, { id, widthPx }) => {
  const record = requireImage(context, id);
  const version = imageVersion(record);
  const remembered = kept(context, previews);
  const key = `${id} ${version} ${widthPx}`;
  const known = remembered.get(key);
  if (known) return { version, bytes: known };
  const bytes = await kept(context, decoder).webp(await imageSource(context, record), widthPx);
  remembered.put(key, bytes);
  return { version, bytes };
};

function previews(_: ServiceContext) {
  const all = new Map<string, Uint8Array>();
  let total = 0;
  return {
    get(key: string): Uint8Array | undefined {
      const found = all.get(key);
      if (!found) return undefined;
      all.delete(key);
      all.set(key, found);
      return found;
    },
    put(key: string, bytes: Uint8Array): void {
      total += bytes.length - (all.get(key)?.length ?? 0);
      all.set(key, bytes);
      for (const [oldest, { length }] of all) {
        if (total <= mostBytes) return;
        all.delete(oldest);
        total -= length;
      }
    },
  };
}
