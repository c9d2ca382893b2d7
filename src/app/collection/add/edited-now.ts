import type { Catalog } from '../../../collection/catalog/catalog.js';
import type { Edit } from '../../../collection/catalog/edit-table.js';
import type { ImageRecord } from '../../../collection/catalog/image-record.js';

/** An image of which something was set by hand, and what that is. */
export interface EditedImage {
  readonly image: ImageRecord;
  readonly edit: Edit;
}

/**
 * Those of some images of which something was set by hand, by id, as they are at this moment: somebody may just have set it. To be
 * asked in the write that is to respect it.
 */
export function editedNow({ edits, images }: Catalog, ids: readonly number[]): Map<number, EditedImage> {
  const found = edits.of(ids);
  return new Map(
    images.byId([...found.keys()]).map((image) => [image.id, { image, edit: found.get(image.id)! }]),
  );
}
