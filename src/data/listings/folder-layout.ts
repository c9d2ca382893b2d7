import type { ListedImage } from '../listed-image.js';
import type { ImageSplit } from '../split.js';

/** What folders say of the images in them, be it on disk, in an archive or behind a glob. */
export interface FolderLayout {
  /** Label and split of the image at a path, which has forward slashes. */
  describe(path: string): Pick<ListedImage, 'label' | 'split'>;
}

/**
 * The label of an image is the path of the folder that it lies in: `shoes/boots`. Where there is a folder `train` beside one
 * called `test` or `val`, these are splits, and labels begin below them; other folders beside them hold images without a label.
 * @param folders names of the outermost folders
 */
export function folderLayout(folders: ReadonlySet<string>): FolderLayout {
  const hasSplits = folders.has('train') && (folders.has('test') || folders.has('val'));
  return {
    describe(path) {
      const below = path.indexOf('/') + 1;
      const outermost = path.slice(0, Math.max(0, below - 1));
      if (!hasSplits) return labelOf(path);
      return isSplit(outermost) ? { ...labelOf(path.slice(below)), split: outermost } : {};
    },
  };
}

function labelOf(path: string): Pick<ListedImage, 'label'> {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? {} : { label: path.slice(0, slash) };
}

function isSplit(folder: string): folder is ImageSplit {
  return folder === 'train' || folder === 'val' || folder === 'test';
}

/** The outermost folders of paths. */
export function outermostFolders(paths: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) if (path.includes('/')) folders.add(path.slice(0, path.indexOf('/')));
  return folders;
}
