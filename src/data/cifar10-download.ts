import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadFile } from '../core/download-file.js';
import type { OnProgress } from '../core/progress.js';
import {
  cifar10BatchFiles,
  cifar10ClassFile,
  cifar10Directory,
  cifar10RecordLength,
  cifar10RecordsPerBatch,
} from './cifar10-archive.js';
import { unpackTarGz } from './unpack-tar.js';

/** The archive on the data set's home page, and the checksum published there. */
export const cifar10Url = 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz';
export const cifar10Md5 = 'c32a1d4ab5d03f1284b67883e8d87530';

export interface Cifar10Download {
  readonly url?: string;
  /** Of the archive at `url`, hex. */
  readonly md5?: string;
  readonly signal?: AbortSignal;
  readonly startTimeoutMs?: number;
  readonly onProgress?: OnProgress;
}

/**
 * Downloads the archive into `directory` and unpacks it there; the archive itself is removed.
 * @returns the directory that holds the batch files, which comes into being whole or not at all
 */
export async function downloadCifar10(directory: string, options: Cifar10Download = {}): Promise<string> {
  const { url = cifar10Url, md5 = cifar10Md5, signal, startTimeoutMs, onProgress } = options;
  const archive = join(directory, 'cifar-10-binary.tar.gz');
  await downloadFile({
    url,
    path: archive,
    checksum: { algorithm: 'md5', hex: md5 },
    signal,
    startTimeoutMs,
    onProgress: onProgress && ((progress) => onProgress({ ...progress, task: 'downloading cifar10' })),
  });
  const unpacked = join(directory, cifar10Directory);
  const beside = `${unpacked}.part`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(beside);
  try {
    await unpackTarGz(archive, beside, wantedEntries, { signal });
    await rename(beside, unpacked);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  await rm(archive);
  return unpacked;
}

const wantedEntries = [
  ...[...cifar10BatchFiles.train, ...cifar10BatchFiles.test].map((file) => ({
    file,
    maxBytes: cifar10RecordsPerBatch * cifar10RecordLength,
  })),
  { file: cifar10ClassFile, maxBytes: 1_000 },
].map((want) => ({ ...want, entry: `${cifar10Directory}/${want.file}` }));
