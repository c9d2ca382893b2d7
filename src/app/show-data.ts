import { join } from 'node:path';
import { writeFileAtomic } from '../core/files.js';
import type { OnProgress, Skipped } from '../core/progress.js';
import { classCounts } from '../data/labelled-images.js';
import type { OpenOptions } from '../data/open-options.js';
import { openImages } from '../data/source.js';
import { renderFigure } from '../report/figure.js';
import { lookSection } from './look-section.js';
import { requireWritableDirectory } from './require-writable.js';

export interface ShowDataOptions {
  /** A source, or one split of it: `cifar10:test`. */
  readonly source: string;
  /** Directory for the pictures. */
  readonly out: string;
  readonly seed?: number;
  readonly open?: OpenOptions;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface ShowDataResult {
  readonly source: string;
  readonly images: number;
  readonly classes: readonly { readonly name: string; readonly images: number }[];
  /** Paths of the PNG files. */
  readonly pictures: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** Draws a data set: random images, a batch, images per class. */
export async function showData(options: ShowDataOptions): Promise<ShowDataResult> {
  const { source, out, seed = 0, open, onProgress, signal } = options;
  await requireWritableDirectory(out);
  const images = await openImages(source, { ...open, onProgress, signal });
  const { blocks } = await lookSection(images, seed);
  const pictures: string[] = [];
  for (const block of blocks) {
    if (block.kind !== 'figure' || block.file === undefined) continue;
    const path = join(out, block.file);
    await writeFileAtomic(path, renderFigure(block.figure));
    pictures.push(path);
  }
  const counts = classCounts(images);
  return {
    source: images.name,
    images: images.length,
    classes: images.classNames.map((name, c) => ({ name, images: counts[c]! })),
    pictures,
    skipped: images.skipped,
  };
}
