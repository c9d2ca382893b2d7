import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import type { Skipped } from '../core/progress.js';
import type { Size } from '../image/image.js';
import type { ImageLocation } from '../image/image-location.js';
import type { ResizeRule } from '../image/resize-rule.js';
import { decodeFiles } from './decode-files.js';
import { inspectFiles, isSound, type SoundImage } from './folder-inspection.js';
import type { LabelledImages } from './labelled-images.js';
import type { OpenOptions } from './open-options.js';

/** An image file and the class it belongs to. */
export interface LabelledFile {
  /** Relative to the source's directory, with forward slashes. */
  readonly path: string;
  readonly className: string;
}

/** What is known of a set of files before they are looked at. */
export interface FileSet {
  readonly name: string;
  readonly directory: string;
  readonly files: readonly LabelledFile[];
  /** Every class of `files`, and perhaps more. */
  readonly classNames: readonly string[];
}

/**
 * Looks at the files and opens those that decode; the others are listed in `skipped`.
 * @throws ImagekinError `empty-source` where none is left
 */
export async function openFileImages(set: FileSet, options: OpenOptions = {}): Promise<LabelledImages> {
  const { directory, files } = set;
  const inspections = await inspectFiles(
    directory,
    files.map(({ path }) => path),
    options,
  );
  const sound: (LabelledFile & SoundImage)[] = [];
  const skipped: Skipped[] = [];
  for (const [index, inspection] of inspections.entries()) {
    const file = files[index]!;
    if (isSound(inspection)) sound.push({ ...file, ...inspection });
    else skipped.push({ path: join(directory, file.path), reason: inspection.reason });
  }
  if (sound.length === 0)
    throw new ImagekinError('empty-source', {
      where: set.name,
      expected: 'at least one image that decodes',
      got:
        skipped[0] === undefined ? 'no image file' : `${skipped.length} that do not, as ${skipped[0].path}`,
      fix: 'check the path, or put image files there',
    });
  return new FileImages(set, sound, skipped);
}

/** Labelled image files, decoded each time they are asked for; no pixels are kept. */
class FileImages implements LabelledImages {
  readonly name: string;
  readonly length: number;
  readonly classNames: readonly string[];
  readonly labels: Int32Array;
  readonly fingerprint: string;
  readonly nativeSize: Size | undefined;

  constructor(
    private readonly set: FileSet,
    private readonly files: readonly (LabelledFile & SoundImage)[],
    readonly skipped: readonly Skipped[],
  ) {
    this.name = set.name;
    this.length = files.length;
    this.classNames = set.classNames;
    const classIndex = new Map(set.classNames.map((name, index) => [name, index]));
    this.labels = Int32Array.from(files, ({ className }) => classIndex.get(className)!);
    const fingerprint = createHash('sha256').update(set.classNames.join('\n'));
    for (const { path, className, sha256 } of files) fingerprint.update(`${path}\0${className}\0${sha256}\n`);
    this.fingerprint = fingerprint.digest('hex');
    const { width, height } = files[0]!;
    if (files.every((file) => file.width === width && file.height === height))
      this.nativeSize = { width, height };
  }

  id(index: number): string {
    return this.files[index]!.path;
  }

  file(index: number): ImageLocation {
    return join(this.set.directory, this.id(index));
  }

  pixels(indices: ArrayLike<number>, size: Size, rule?: ResizeRule): Promise<Uint8Array> {
    return decodeFiles(
      Array.from(indices, (index) => this.file(index)),
      size,
      rule,
    );
  }
}
