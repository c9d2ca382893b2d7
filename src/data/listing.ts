import { ImagekinError } from '../core/errors.js';
import { findSource } from './find-source.js';
import type { Listing } from './listed-image.js';
import { ofSplit } from './listed-splits.js';
import type { OpenOptions } from './open-options.js';
import { parseSourceSpec } from './source-spec.js';

/**
 * Lists the images of a source whose images are files, or of one split of it, in the order of the source and without a look
 * at any of them. What cannot be listed is told to `options.onSkipped`; a file that is listed may be missing or no image.
 *
 * Manifests and lists on stdin are read as the listing is walked through, folders one by one, so that they may be of any
 * length: of a row no more than its id's hash is kept. Only to draw halves (`:train` of a source without splits) all is held.
 * @param spec as in `openImages`
 * @throws ImagekinError `unknown-source`; `wrong-usage` where the images are no files (`isListed` tells); while it is walked
 * through, `source-missing` and `source-damaged`
 */
export async function openListing(spec: string, options: OpenOptions = {}): Promise<Listing> {
  const { name, split = 'all' } = parseSourceSpec(spec);
  const found = findSource(name);
  if (found.kind !== 'files')
    throw new ImagekinError('wrong-usage', {
      where: spec,
      expected: 'a source whose images are files',
      got: 'one whose images lie together in files of their own',
      fix: 'open it with openImages',
    });
  const { seed = 0, onSkipped = () => {}, signal } = options;
  return {
    async *[Symbol.asyncIterator]() {
      for await (const image of ofSplit(found.files, split, { seed, onSkipped })) {
        signal?.throwIfAborted();
        yield image;
      }
    },
  };
}

/**
 * Whether the images of a source are files that `openListing` lists. Those of `cifar10`, `emoji` and IDX files are not: they
 * are opened by `openImages` alone.
 * @throws ImagekinError `unknown-source`
 */
export function isListed(spec: string): boolean {
  return findSource(parseSourceSpec(spec).name).kind === 'files';
}
