import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import { drawHalves } from './draw-splits.js';
import { type IdxArray, readIdx } from './idx-file.js';
import { InMemoryImages } from './in-memory-images.js';
import type { LabelledImages } from './labelled-images.js';
import type { OpenOptions } from './open-options.js';
import { noValidationSplit } from './split.js';
import type { SplitReader } from './split-reader.js';
import { subset } from './subset.js';

/** An images file and the labels file beside it. */
interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

/** Both halves of MNIST and of what has its form. */
interface IdxHalves {
  readonly train: IdxPair;
  readonly test: IdxPair;
}

const imagesFile = /images([-.])idx3([-.])ubyte(\.gz)?$/;

/** Whether a file is one of images by its name: `t10k-images-idx3-ubyte`, `train-images.idx3-ubyte.gz`. */
export function isIdxImages(path: string): boolean {
  return imagesFile.test(basename(path));
}

/** Whether a directory has both images files of MNIST or of what has its form. */
export function isIdxFolder(directory: string): boolean {
  return findHalves(directory) !== undefined;
}

/**
 * A data set in the files of MNIST (Fashion-MNIST, KMNIST, EMNIST): a directory with the images and labels of both halves, as
 * they are or gzipped, or one file of images with its labels beside it, of which a fifth is then for testing. Classes are
 * called by their numbers, grey becomes RGB, and all lies in memory.
 */
export async function openIdx(path: string, options: OpenOptions = {}): Promise<SplitReader> {
  const { seed = 0, signal } = options;
  const halves = isIdxImages(path) ? undefined : findHalves(path);
  const pairs = halves ? [halves.train, halves.test] : [pairOf(path)];
  const labels = await Promise.all(pairs.map((pair) => readLabels(pair, signal)));
  const classes = labels.flatMap(({ data }) => [...new Set(data)]).reduce((a, b) => Math.max(a, b), 0) + 1;
  const classNames = Array.from({ length: classes }, (_, label) => String(label));
  const read = async (name: string, parts: readonly { readonly half: string; readonly index: number }[]) => {
    const loaded: LoadedPart[] = [];
    for (const { half, index } of parts)
      loaded.push({
        half,
        labels: labels[index]!.data,
        images: await readImages(pairs[index]!, labels[index]!, signal),
      });
    return inMemory(name, classNames, loaded);
  };
  if (!halves) {
    return {
      async read(split) {
        if (split === 'val') throw noValidationSplit(path);
        const all = await read(`${path}:all`, [{ half: '', index: 0 }]);
        return split === 'all' ? all : drawnHalf(all, split, { name: `${path}:${split}`, seed });
      },
    };
  }
  const [train, test] = [
    { half: 'train/', index: 0 },
    { half: 'test/', index: 1 },
  ];
  return {
    read(split) {
      if (split === 'val') throw noValidationSplit(path);
      return read(`${path}:${split}`, split === 'all' ? [train, test] : [split === 'train' ? train : test]);
    },
  };
}

interface LoadedPart {
  /** Beginning of its images' ids. */
  readonly half: string;
  readonly images: IdxArray;
  readonly labels: Uint8Array;
}

function inMemory(name: string, classNames: readonly string[], parts: readonly LoadedPart[]): LabelledImages {
  const [height = 0, width = 0] = parts[0]!.images.dimensions.slice(1);
  const other = parts.find(({ images }) => images.dimensions[1] !== height || images.dimensions[2] !== width);
  if (other)
    throw new ImagekinError('source-damaged', {
      where: name,
      expected: `images of ${width}×${height} in both halves`,
      got: `${other.images.dimensions[2]}×${other.images.dimensions[1]}`,
      fix: 'open each images file by itself',
    });
  const counts = parts.map(({ labels }) => labels.length);
  const count = counts.reduce((a, b) => a + b, 0);
  const data = new Uint8Array(count * height * width * 3);
  const fingerprint = createHash('sha256').update(classNames.join('\n'));
  let at = 0;
  for (const { half, images, labels } of parts) {
    fingerprint
      .update(`${half}\0${images.dimensions.join('×')}\n`)
      .update(labels)
      .update(images.data);
    for (const grey of images.data) {
      data[at] = data[at + 1] = data[at + 2] = grey;
      at += 3;
    }
  }
  return new InMemoryImages({
    name,
    classNames,
    labels: Int32Array.from(parts.flatMap(({ labels }) => [...labels])),
    fingerprint: fingerprint.digest('hex'),
    nativeSize: { width, height },
    data,
    id: (index) => {
      const part = index < counts[0]! ? 0 : 1;
      return `${parts[part]!.half}${String(index - (part === 0 ? 0 : counts[0]!)).padStart(5, '0')}`;
    },
  });
}

function drawnHalf(
  all: LabelledImages,
  split: 'train' | 'test',
  { name, seed }: { readonly name: string; readonly seed: number },
): LabelledImages {
  const drawn = drawHalves(
    Array.from(all.labels, (label, index) => ({ id: all.id(index), label: all.classNames[label]! })),
    seed,
  );
  return subset(
    all,
    [...drawn.keys()].filter((index) => drawn[index] === split),
    name,
  );
}

async function readLabels({ labels }: IdxPair, signal?: AbortSignal): Promise<IdxArray> {
  return readIdx(labels, 1, signal);
}

async function readImages({ images }: IdxPair, labels: IdxArray, signal?: AbortSignal): Promise<IdxArray> {
  const array = await readIdx(images, 3, signal);
  const [count] = array.dimensions;
  if (count === 0 || array.data.length === 0)
    throw new ImagekinError('empty-source', {
      where: images,
      expected: 'images',
      got: `${array.dimensions.join('×')} values`,
      fix: 'get it again',
    });
  if (count === labels.dimensions[0]) return array;
  throw new ImagekinError('source-damaged', {
    where: images,
    expected: `as many images as there are labels beside it, ${labels.dimensions[0]}`,
    got: `${count}`,
    fix: 'get both files again, of the same data set',
  });
}

/** @throws ImagekinError `source-missing` where there are no labels beside the images */
function pairOf(images: string): IdxPair {
  const inName = /images([-.])idx3([-.])ubyte(?:\.gz)?$/.exec(basename(images))!;
  const stem = basename(images).slice(0, inName.index);
  const plain = join(dirname(images), `${stem}labels${inName[1]}idx1${inName[2]}ubyte`);
  const labels = [plain, `${plain}.gz`].find((path) => existsSync(path));
  if (labels !== undefined) return { images, labels };
  throw new ImagekinError('source-missing', {
    where: images,
    expected: `its labels beside it, in ${basename(plain)} or ${basename(plain)}.gz`,
    got: 'neither',
    fix: 'put them there',
  });
}

function findHalves(directory: string): IdxHalves | undefined {
  const names = readdirSync(directory).filter(isIdxImages).sort();
  const train = names.find((name) => name.startsWith('train-'));
  const test = names.find((name) => name.startsWith('t10k-') || name.startsWith('test-'));
  if (train === undefined || test === undefined) return undefined;
  return { train: pairOf(join(directory, train)), test: pairOf(join(directory, test)) };
}
