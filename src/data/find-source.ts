import { existsSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import { openCifar10 } from './cifar10.js';
import { openEmoji } from './emoji.js';
import type { FileSource } from './file-source.js';
import { isIdxFolder, isIdxImages, openIdx } from './idx.js';
import { isImageName } from './image-names.js';
import { archiveExtensions, archiveSource } from './listings/archive-source.js';
import { folderSource } from './listings/folder-source.js';
import { globSource, isGlob } from './listings/glob-source.js';
import { manifestExtensions, manifestSource } from './listings/manifest-source.js';
import { stdinSource } from './listings/path-list-source.js';
import type { OpenOptions } from './open-options.js';
import type { SplitReader } from './split-reader.js';

/** What stands behind the name of a source. */
export type FoundSource =
  /** Image files, which can be listed without a look at them. */
  | { readonly kind: 'files'; readonly files: FileSource }
  /** Pixels and labels in files of their own. */
  | { readonly kind: 'pixels'; readonly open: (options: OpenOptions) => Promise<SplitReader> };

const builtInSources: Readonly<Record<string, (options: OpenOptions) => Promise<SplitReader>>> = {
  cifar10: openCifar10,
  emoji: openEmoji,
};

/** Names of the sources that need no path. */
export const builtInSourceNames: readonly string[] = Object.keys(builtInSources);

/** Tars that are packed as a whole, so that no file in them can be read without all before it. */
const packedTar = /\.(tar\.(gz|bz2|xz|zst)|tgz|tbz2?|txz)$/i;

/**
 * What a source's name, without a split, stands for. Whatever exists under it as a path is that; only then may it be a pattern.
 * @throws ImagekinError `unknown-source`, with all that it could have been
 */
export function findSource(name: string): FoundSource {
  if (Object.hasOwn(builtInSources, name)) return { kind: 'pixels', open: builtInSources[name]! };
  const files = (source: FileSource): FoundSource => ({ kind: 'files', files: source });
  const idx: FoundSource = { kind: 'pixels', open: (options) => openIdx(name, options) };
  if (name === '-') return files(stdinSource());
  if (!existsSync(name)) {
    if (isGlob(name) && !isUrl(name)) return files(globSource(name));
    throw unknownSource(name, isUrl(name) ? ', a URL' : '');
  }
  if (statSync(name).isDirectory()) return isIdxFolder(name) ? idx : files(folderSource(name));
  const endsWith = (end: string) => name.toLowerCase().endsWith(end);
  if (manifestExtensions.some(endsWith)) return files(manifestSource(name));
  if (archiveExtensions.some(endsWith)) return files(archiveSource(name));
  if (isIdxImages(name)) return idx;
  if (isImageName(name)) return files(imageSource(name));
  if (packedTar.test(name))
    throw new ImagekinError('unknown-source', {
      where: name,
      expected: 'an archive whose files can be read where they lie, .zip or .tar',
      got: 'a TAR packed as a whole, of which no file can be read without all before it',
      fix: 'unpack it first: gunzip, bunzip2, unxz or unzstd',
    });
  throw unknownSource(name, ', a file');
}

function isUrl(name: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(name);
}

/** One image file. */
function imageSource(path: string): FileSource {
  return {
    name: path,
    directory: dirname(path),
    labelling: { expected: 'images with labels', fix: 'give a folder per class, or a manifest with labels' },
    async *list() {
      yield { id: basename(path), location: path };
    },
  };
}

function unknownSource(name: string, what: string): ImagekinError {
  return new ImagekinError('unknown-source', {
    where: 'source',
    expected: `${builtInSourceNames.join(', ')} or a directory of images, a manifest (${manifestExtensions.join(', ')}), an archive (${archiveExtensions.join(', ')}), a pattern such as 'photos/**/*.jpg', IDX files, an image, or - for paths on stdin`,
    got: `"${name}"${what}`,
    fix:
      what === ', a URL'
        ? 'download it first'
        : `check the spelling or the path; a split is named like ${builtInSourceNames[0]}:test`,
  });
}
