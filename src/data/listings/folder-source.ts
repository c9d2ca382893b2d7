import { join } from 'node:path';
import type { FileSource } from '../file-source.js';
import { listFolders, walkImageFiles } from '../folder-listing.js';
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
