import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { ImagekinError, messageOf } from '../core/errors.js';
import type { Skipped } from '../core/progress.js';
import type { Size } from '../image/image.js';
import { type ArchivedFile, type ImageLocation, locationName } from '../image/image-location.js';
import type { ResizeRule } from '../image/resize-rule.js';
import { mapConcurrently } from './concurrency.js';
import { decodeFiles } from './decode-files.js';

import { type Inspection, isSound, type SoundImage } from './inspect-file.js';
import { inspectArchived, inspectFiles } from './inspect-files.js';
import type { LabelledImages } from './labelled-images.js';
import type { ImageMetadata } from './listed-image.js';
import type { OpenOptions } from './open-options.js';

/** An image file and the class it belongs to. */
export interface LabelledFile {
  readonly id: string;
  readonly location: ImageLocation;
  readonly className: string;
  readonly metadata?: ImageMetadata;
}

/** What is known of a set of files before they are looked at. */
export interface FileSet {
  readonly name: string;
  /** What is learnt of its files is remembered under this directory. */
  readonly directory: string;
  readonly files: readonly LabelledFile[];
  /** Every class of `files`, and perhaps more. */
  readonly classNames: readonly string[];
  /** Whether some of the files may not be there. */
  readonly unseen?: boolean;
  /** What was left out before. */
  readonly skipped?: readonly Skipped[];
}

/**
 * Looks at the files and opens those that decode; the others are listed in `skipped`.
 * @throws ImagekinError `empty-source` where none is left
 */
export async function openFileImages(set: FileSet, options: OpenOptions = {}): Promise<LabelledImages> {
  const inspections = await inspect(set, options);
  const sound: (LabelledFile & SoundImage)[] = [];
  const undecodable: Skipped[] = [];
  for (const [index, inspection] of inspections.entries()) {
    const file = set.files[index]!;
    if (isSound(inspection)) sound.push({ ...file, ...inspection });
    else undecodable.push({ path: locationName(file.location), reason: inspection.reason });
  }
  const skipped = [...(set.skipped ?? []), ...undecodable];
  if (sound.length === 0)
    throw new ImagekinError('empty-source', {
      where: set.name,
      expected: 'at least one image that decodes',
      got:
        undecodable[0] === undefined
          ? `no image file${skipped[0] === undefined ? '' : `; skipped ${skipped.length}, as ${reasonOf(skipped[0])}`}`
          : `${undecodable.length} that do not, as ${undecodable[0].path}`,
      fix: 'check the path, or put image files there',
    });
  return new FileImages(set, sound, skipped);
}

function reasonOf({ path, reason }: Skipped): string {
  return `${path} with ${reason}`;
}

/** What is known of each file, in their order. */
async function inspect(set: FileSet, options: OpenOptions): Promise<Inspection[]> {
  const found = new Array<Inspection>(set.files.length);
  const loose: { readonly index: number; readonly path: string }[] = [];
  const ofArchive = new Map<string, { readonly index: number; readonly file: ArchivedFile }[]>();
  await mapConcurrently(set.files.length, async (index) => {
    const { location } = set.files[index]!;
    const problem = set.unseen && typeof location === 'string' ? await problemWith(location) : undefined;
    if (problem !== undefined) found[index] = { reason: problem };
  });
  for (const [index, { location }] of set.files.entries()) {
    if (found[index] !== undefined) continue;
    if (typeof location === 'string') {
      loose.push({ index, path: relative(resolve(set.directory), resolve(location)) });
      continue;
    }
    const files = ofArchive.get(location.archive) ?? [];
    files.push({ index, file: location });
    ofArchive.set(location.archive, files);
  }
  const paths = loose.map(({ path }) => path);
  const ofLoose = paths.length === 0 ? [] : await inspectFiles(set.directory, paths, options);
  for (const [i, { index }] of loose.entries()) found[index] = ofLoose[i]!;
  for (const [archive, files] of ofArchive) {
    const ofFiles = await inspectArchived(
      archive,
      files.map(({ file }) => file),
      options,
    );
    for (const [i, { index }] of files.entries()) found[index] = ofFiles[i]!;
  }
  return found;
}

/** Why there is no file at a path, if there is none. */
async function problemWith(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isFile() ? undefined : 'not a file';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : messageOf(error);
  }
}

/** Labelled image files, decoded each time they are asked for; no pixels are kept. */
class FileImages implements LabelledImages {
  readonly name: string;
  readonly length: number;
  readonly classNames: readonly string[];
  readonly labels: Int32Array;
  readonly fingerprint: string;
  readonly nativeSize: Size | undefined;
  readonly metadata: LabelledImages['metadata'];

  constructor(
    set: FileSet,
    private readonly files: readonly (LabelledFile & SoundImage)[],
    readonly skipped: readonly Skipped[],
  ) {
    this.name = set.name;
    this.length = files.length;
    this.classNames = set.classNames;
    const classIndex = new Map(set.classNames.map((name, index) => [name, index]));
    this.labels = Int32Array.from(files, ({ className }) => classIndex.get(className)!);
    const fingerprint = createHash('sha256').update(set.classNames.join('\n'));
    for (const { id, className, sha256 } of files) fingerprint.update(`${id}\0${className}\0${sha256}\n`);
    this.fingerprint = fingerprint.digest('hex');
    const { width, height } = files[0]!;
    if (files.every((file) => file.width === width && file.height === height))
      this.nativeSize = { width, height };
    if (files.some(({ metadata }) => metadata !== undefined))
      this.metadata = (index) => files[index]!.metadata ?? {};
  }

  id(index: number): string {
    return this.files[index]!.id;
  }

  file(index: number): ImageLocation {
    return this.files[index]!.location;
  }

  pixels(indices: ArrayLike<number>, size: Size, rule?: ResizeRule): Promise<Uint8Array> {
    return decodeFiles(
      Array.from(indices, (index) => this.file(index)),
      size,
      rule,
    );
  }
}
