import type { Decisions, ImagesChanged } from '../../../api/index.js';
import { ImagekinError } from '../../../core/errors.js';
import type { ServiceMethod } from '../context.js';

export const decide: ServiceMethod<Decisions, ImagesChanged> = ({ name, collection }, { decisions }) => {
  const { catalog } = collection;
  // The last word on an image is what counts.
  const byId = new Map(decisions.map(({ id, decision }) => [id, decision]));
  catalog.db.transaction(() => {
    const known = new Set(catalog.images.sha256Of([...byId.keys()]).keys());
    const unknown = [...byId.keys()].find((id) => !known.has(id));
    if (unknown !== undefined)
      throw new ImagekinError('image-not-found', {
        where: name,
        expected: 'ids of images of the collection',
        got: `${unknown}`,
        fix: 'leave it out; nothing has been decided of the others',
      });
    catalog.decisions.put([...byId].map(([id, decision]) => ({ id, decision })));
  });
  return { images: byId.size };
};
