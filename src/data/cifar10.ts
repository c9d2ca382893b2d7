import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import { imagekinHome } from '../core/home.js';
import { cifar10BatchFiles, cifar10ClassFile, cifar10Directory, readCifar10 } from './cifar10-archive.js';
import { downloadCifar10 } from './cifar10-download.js';
import type { OpenOptions } from './open-options.js';
import { noValidationSplit } from './split.js';
import type { SplitReader } from './split-reader.js';

/**
 * CIFAR-10: 60,000 photographs of ten classes at 32×32. Read where it lies (`options.dataDir`, else `$IMAGEKIN_DATA`,
 * else the home directory), and otherwise downloaded into the home directory.
 */
export async function openCifar10(options: OpenOptions = {}): Promise<SplitReader> {
  const directory = findCifar10(options) ?? (await fetchCifar10(options));
  return {
    async read(split) {
      if (split === 'val') throw noValidationSplit('cifar10');
      return readCifar10(directory, split);
    },
  };
}

/**
 * The directory that holds the batch files, or undefined where there is none.
 * @throws ImagekinError `source-missing` where `options.dataDir` names a place without them
 */
export function findCifar10({ dataDir, home = imagekinHome() }: OpenOptions = {}): string | undefined {
  if (dataDir !== undefined) {
    const found = placesIn(dataDir).find(holdsCifar10);
    if (found === undefined) throw missing(`--data ${dataDir}`);
    return found;
  }
  const named = process.env.IMAGEKIN_DATA;
  return [...(named ? placesIn(named) : []), ...placesIn(home)].find(holdsCifar10);
}

function placesIn(directory: string): string[] {
  return [directory, join(directory, cifar10Directory), join(directory, 'cifar10', cifar10Directory)];
}

/** One file is enough: a directory that misses some is damaged, which is worth an error rather than a download. */
function holdsCifar10(directory: string): boolean {
  return [cifar10ClassFile, ...cifar10BatchFiles.train, ...cifar10BatchFiles.test].some((file) =>
    existsSync(join(directory, file)),
  );
}

async function fetchCifar10(options: OpenOptions): Promise<string> {
  if (options.download === false) throw missing('cifar10');
  const directory = join(options.home ?? imagekinHome(), 'cifar10');
  return downloadCifar10(directory, { ...options, url: options.downloadUrl });
}

function missing(where: string): ImagekinError {
  return new ImagekinError('source-missing', {
    where,
    expected: `a directory with ${cifar10BatchFiles.test[0]} and ${cifar10BatchFiles.train[0]}`,
    got: 'none',
    fix: `name one with --data or $IMAGEKIN_DATA, or let it be downloaded`,
  });
}
