import { join, relative, sep } from 'node:path';
import type { FileSource } from '../file-source.js';
import { listFolders, walkImageFiles } from '../folder-listing.js';
import { isImageName } from '../image-names.js';
import type { ListedImage } from '../listed-image.js';
import { folderLayout } from './folder-layout.js';

/** How images in folders come by their labels, for errors. */
export const folderLabelling = {
  expected: 'one folder per class with image files in it',
  fix: 'sort the images into folders named after their classes, or check the path',
};

/** A directory. Images are named by their path in it; what its folders mean, `folderLayout` says. */
export function folderSource(directory: string): FileSource {
  return {
    name: directory,
    directory,
    labelling: folderLabelling,
    async *list(onSkipped) {
      const layout = folderLayout(new Set(await listFolders(directory)));
      for await (const path of walkImageFiles(directory, onSkipped))
        yield { id: path, location: join(directory, path), ...layout.describe(path) };
    },
  };
}

/**
 * Of some paths in a directory those that it would list, as it would list them, without walking through all of it.
 * @param paths absolute, as is the directory
 */
export async function imagesInFolder(directory: string, paths: readonly string[]): Promise<ListedImage[]> {
  const layout = folderLayout(new Set(await listFolders(directory)));
  return paths.flatMap((location) => {
    const parts = relative(directory, location).split(sep);
    if (parts.some((part) => part.startsWith('.')) || !isImageName(parts.at(-1)!)) return [];
    const id = parts.join('/');
    return [{ id, location, ...layout.describe(id) }];
  });
}
