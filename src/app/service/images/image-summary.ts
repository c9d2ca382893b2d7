import type { ImageSummary } from '../../../api/index.js';
import type { Catalog } from '../../../collection/catalog/catalog.js';
import { jsonParameter } from '../../../collection/catalog/database.js';
import type { ImageRecord } from '../../../collection/catalog/image-record.js';

/** Changes with the pixels of an image, as far as the catalog knows of it: by its bytes, or else by its length and date. */
export function imageVersion({
  sha256,
  size,
  mtime,
}: Pick<ImageRecord, 'sha256' | 'size' | 'mtime'>): string {
  return sha256 === null ? `${size ?? 0}-${mtime ?? 0}` : sha256.slice(0, 16);
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
];

const columns = `json_array(images.id, images.name, images.label, images.width, images.height, images.sha256,
  images.size, images.mtime)`;

/** Images as a grid shows them, in the order of their ids; ids that there are not are left out. */
export function summariesOf({ db }: Catalog, ids: ArrayLike<number>): ImageSummary[] {
  const rows = db.json<Columns>(
    columns,
    'json_each(?) AS wanted CROSS JOIN images ON images.id = wanted.value',
    jsonParameter(Array.from(ids)),
  );
  const byId = new Map(rows.map((row) => [row[0], row]));
  return Array.from(ids).flatMap((id) => {
    const row = byId.get(id);
    if (!row) return [];
    const [, name, label, width, height, sha256, size, mtime] = row;
    return { id, name, label, width, height, version: imageVersion({ sha256, size, mtime }) };
  });
}
