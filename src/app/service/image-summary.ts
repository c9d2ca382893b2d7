import type { ImageSummary } from '../../api/index.js';
import { jsonParameter } from '../../collection/catalog/database.js';
import type { ImageRecord } from '../../collection/catalog/image-record.js';
import type { Collection } from '../../collection/collection.js';

/** Characters of a hash that tell pixels from others that were at the same place. */
const versionLength = 16;

/** Changes with the pixels of an image, as far as the catalog knows of it: by its bytes, or else by its length and date. */
export function imageVersion({
  sha256,
  size,
  mtime,
}: Pick<ImageRecord, 'sha256' | 'size' | 'mtime'>): string {
  return sha256 === null ? `${size ?? 0}-${mtime ?? 0}` : sha256.slice(0, versionLength);
}

/** What a grid shows of an image. */
export function summaryOf(
  image: Pick<ImageRecord, 'id' | 'name' | 'label' | 'width' | 'height' | 'sha256' | 'size' | 'mtime'>,
): ImageSummary {
  const { id, name, label, width, height } = image;
  return { id, name, label, width, height, version: imageVersion(image) };
}

type Columns = [
  id: number,
  name: string,
  label: string | null,
  width: number | null,
  height: number | null,
  sha256: string | null,
  size: number | null,
  mtime: number | null,
  missingSince: string | null,
];

/** Not whole records: of a page of a thousand, metadata would be most. */
const columns = `json_array(images.id, images.name, images.label, images.width, images.height, images.sha256,
  images.size, images.mtime, images.missing_since)`;

/** Those of some images, as they are now, by id; what is not there any more is left out. */
export function summariesOf(
  { catalog }: Pick<Collection, 'catalog'>,
  ids: ArrayLike<number>,
): Map<number, ImageSummary> {
  const present = read(catalog, ids).filter((row) => row[8] === null);
  return new Map(present.map((row) => [row[0], summaryIn(row)]));
}

/** The same in the order of the ids, with those whose files are gone. */
export function summaryList(
  { catalog }: Pick<Collection, 'catalog'>,
  ids: ArrayLike<number>,
): ImageSummary[] {
  const byId = new Map(read(catalog, ids).map((row) => [row[0], row]));
  return Array.from(ids).flatMap((id) => {
    const row = byId.get(id);
    return row ? summaryIn(row) : [];
  });
}

function read({ db }: Collection['catalog'], ids: ArrayLike<number>): Columns[] {
  return db.json<Columns>(
    columns,
    'json_each(?) AS wanted CROSS JOIN images ON images.id = wanted.value',
    jsonParameter(Array.from(ids)),
  );
}

function summaryIn([id, name, label, width, height, sha256, size, mtime]: Columns): ImageSummary {
  return summaryOf({ id, name, label, width, height, sha256, size, mtime });
}
