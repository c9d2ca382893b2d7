import { useEffect, useState } from 'preact/hooks';
import { api, type ImageSummary, previewUrl, thumbnailUrl, thumbnailUrlOfId } from '../api.js';
import { collection } from '../router.js';
import { fileName } from '../ui/format.js';
import type { QueryPart } from './query.js';
import { readUpload, uploadInMemory, uploadsVersion } from './uploads.js';

export interface QueryPicture {
  readonly small: string | undefined;
  readonly large: string | undefined;
  readonly name: string;
}

/** Images that were seen, so that a query is not asked for again what the grid has shown already. */
const seen = new Map<string, ImageSummary>();
/** Who scrolls through a million images does not pick one that went by so long ago. */
const seenAtMost = 20_000;

export function noteSeen(of: string, images: readonly ImageSummary[]): void {
  for (const image of images) {
    const key = `${of}/${image.id}`;
    seen.delete(key);
    seen.set(key, image);
  }
  for (const oldest of seen.keys()) {
    if (seen.size <= seenAtMost) break;
    seen.delete(oldest);
  }
}

export function seenImage(id: number): ImageSummary | undefined {
  return seen.get(`${collection.peek()}/${id}`);
}

/** How an image of a query looks and is called, as far as is known. */
export function useQueryPicture({ image }: QueryPart): QueryPicture {
  const file = 'file' in image ? image.file : undefined;
  useEffect(() => {
    if (file !== undefined) void readUpload(file);
  }, [file]);
  const unseen = 'id' in image && !seenImage(image.id) ? image.id : undefined;
  const [, setRound] = useState(0);
  useEffect(() => {
    if (unseen === undefined) return;
    // One that is gone is told of by the search.
    const here = collection.peek();
    api.image(here, unseen).then(
      (found) => {
        noteSeen(here, [found]);
        setRound((round) => round + 1);
      },
      () => {},
    );
  }, [unseen]);
  uploadsVersion.value;
  if ('file' in image) {
    const kept = uploadInMemory(image.file);
    return { small: kept?.url, large: kept?.url, name: kept?.name ?? 'an image' };
  }
  const known = seenImage(image.id);
  return {
    small: known ? thumbnailUrl(collection.value, known) : thumbnailUrlOfId(collection.value, image.id),
    large: previewUrl(collection.value, known ?? { id: image.id, version: '' }),
    name: known ? (known.label ?? fileName(known.name)) : `#${image.id}`,
  };
}
