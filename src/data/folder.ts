import { basename, resolve } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import { Random } from '../core/random.js';
import { type LabelledFile, openFileImages } from './file-images.js';
import { listFolders, listImageFiles } from './folder-listing.js';
import type { LabelledImages } from './labelled-images.js';
import type { OpenOptions } from './open-options.js';
import type { Split, SplitReader } from './split.js';

const testShare = 0.2;

type Halves = Readonly<Record<'train' | 'test', readonly LabelledFile[]>>;

/**
 * A directory with one folder per class; images may lie deeper in it. Where it has a `train` folder beside a `test`
 * (or `val`) folder, these hold the classes; otherwise a fifth of each class, drawn by `options.seed`, is for
 * testing, and a class of one or two images is for training alone.
 *
 * Two given halves may have no class in common. If they share any, both number the classes of either.
 */
export async function openFolder(directory: string, options: OpenOptions = {}): Promise<SplitReader> {
  const halves = (await givenHalves(directory)) ?? (await drawnHalves(directory, options.seed ?? 0));
  return {
    read: (split) =>
      openFileImages(
        {
          name: `${directory}:${split}`,
          directory,
          files: split === 'all' ? [...halves.train, ...halves.test] : halves[split],
          classNames: classNamesOf(halves, split),
        },
        options,
      ),
  };
}

/**
 * All image files under a directory, for searching: no classes are asked for. An image's class is the folder it lies
 * in, relative to `directory`, or the name of `directory` itself.
 */
export async function openImageFolder(directory: string, options: OpenOptions = {}): Promise<LabelledImages> {
  const files = (await listImageFiles(directory)).map((path) => {
    const slash = path.lastIndexOf('/');
    return { path, className: slash < 0 ? basename(resolve(directory)) : path.slice(0, slash) };
  });
  return openFileImages({ name: directory, directory, files, classNames: sortedClasses(files) }, options);
}

async function givenHalves(directory: string): Promise<Halves | undefined> {
  const folders = await listFolders(directory);
  const test = ['test', 'val'].find((name) => folders.includes(name));
  if (test === undefined || !folders.includes('train')) return undefined;
  const half = async (name: string) =>
    (await listClassFiles(`${directory}/${name}`)).map((file) => ({ ...file, path: `${name}/${file.path}` }));
  return { train: await half('train'), test: await half(test) };
}

async function drawnHalves(directory: string, seed: number): Promise<Halves> {
  const ofClass = new Map<string, LabelledFile[]>();
  for (const file of await listClassFiles(directory)) {
    const files = ofClass.get(file.className);
    if (files === undefined) ofClass.set(file.className, [file]);
    else files.push(file);
  }
  const train: LabelledFile[] = [];
  const test: LabelledFile[] = [];
  for (const [className, files] of ofClass) {
    // Two are what training needs of a class, so a test image is only taken from three or more.
    const testCount = files.length < 3 ? 0 : Math.max(1, Math.round(files.length * testShare));
    // Every file draws a number of its own: one that is added or removed leaves the others on their side, but for the
    // one at the boundary. A split that was redrawn would test on what was trained on.
    const drawOf = (file: LabelledFile) => Random.of(seed, 'folder', className, file.path).uniform();
    const drawn = new Set([...files].sort((a, b) => drawOf(a) - drawOf(b)).slice(0, testCount));
    for (const file of files) (drawn.has(file) ? test : train).push(file);
  }
  return { train, test };
}

async function listClassFiles(directory: string): Promise<LabelledFile[]> {
  const paths = await listImageFiles(directory);
  const files = paths
    .filter((path) => path.includes('/'))
    .map((path) => ({ path, className: path.slice(0, path.indexOf('/')) }));
  if (files.length === 0)
    throw new ImagekinError('empty-source', {
      where: directory,
      expected: 'one folder per class with image files in it',
      got: paths.length === 0 ? 'no image file' : `${paths.length} image files in no class folder`,
      fix: 'sort the images into folders named after their classes, or check the path',
    });
  return files;
}

function classNamesOf({ train, test }: Halves, split: Split): string[] {
  const inTrain = new Set(train.map(({ className }) => className));
  const shared = test.some(({ className }) => inTrain.has(className));
  if (split === 'all' || shared) return sortedClasses([...train, ...test]);
  return sortedClasses(split === 'train' ? train : test);
}

function sortedClasses(files: readonly LabelledFile[]): string[] {
  return [...new Set(files.map(({ className }) => className))].sort();
}
