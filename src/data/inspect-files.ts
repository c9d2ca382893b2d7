import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import { imagekinHome } from '../core/home.js';
import { decoderVersion } from '../image/decode.js';
import { DecodePool } from '../image/decode-pool.js';
import type { ArchivedFile, ImageLocation } from '../image/image-location.js';
import { mapConcurrently } from './concurrency.js';
import { type Inspection, inspectFile, lasting } from './inspect-file.js';
import type { OpenOptions } from './open-options.js';

/** An inspection holds as long as these two stay what they are. */
interface Stamp {
  readonly bytes: number;
  readonly mtimeMs: number;
}

interface InspectionRecord {
  readonly format: typeof recordFormat;
  readonly decoder: string;
  readonly files: Record<string, Stamp & Inspection>;
}

const recordFormat = 2;

/**
 * Decodes every file of a directory once, so that a truncated one is known when a source is opened rather than in the middle of
 * a training. The outcome is remembered in the home directory by path, size and time of change: the next opening looks
 * only at what changed.
 * @param paths relative to `directory`
 * @returns what was found, in the order of `paths`
 */
export async function inspectFiles(
  directory: string,
  paths: readonly string[],
  options: OpenOptions = {},
): Promise<Inspection[]> {
  const files = paths.map((name) => ({ name, location: join(directory, name) }));
  const stamps = new Array<Stamp>(files.length);
  await mapConcurrently(files.length, async (index) => {
    stamps[index] = await stampOf(files[index]!.location);
  });
  return inspectOnce('folders', directory, files, stamps, options);
}

/**
 * Decodes files of an archive once, as `inspectFiles` does with those of a directory, and remembers what came of it until the
 * archive changes.
 * @returns what was found, in the order of `files`
 */
export async function inspectArchived(
  archive: string,
  files: readonly ArchivedFile[],
  options: OpenOptions = {},
): Promise<Inspection[]> {
  const stamp = await stampOf(archive);
  const named = files.map((location) => ({ name: location.name, location }));
  return inspectOnce(
    'archives',
    archive,
    named,
    named.map(() => stamp),
    options,
  );
}

interface NamedFile {
  readonly name: string;
  readonly location: ImageLocation;
}

async function stampOf(path: string): Promise<Stamp> {
  const { size, mtimeMs } = await stat(path);
  return { bytes: size, mtimeMs };
}

/** @param stamps of each file */
async function inspectOnce(
  kind: 'folders' | 'archives',
  place: string,
  files: readonly NamedFile[],
  stamps: readonly Stamp[],
  { home = imagekinHome(), onProgress, signal }: OpenOptions,
): Promise<Inspection[]> {
  const recordPath = join(home, kind, `${sha256(resolve(place)).slice(0, 32)}.json`);
  const known = await readRecord(recordPath);
  const changed = [...files.keys()].filter((index) => {
    const before = known.get(files[index]!.name);
    const stamp = stamps[index]!;
    return before?.bytes !== stamp.bytes || before.mtimeMs !== stamp.mtimeMs;
  });
  let done = 0;
  const pool = new DecodePool();
  try {
    await mapConcurrently(
      changed.length,
      async (at) => {
        signal?.throwIfAborted();
        const { name, location } = files[changed[at]!]!;
        known.set(name, { ...stamps[changed[at]!]!, ...(await inspectFile(pool, location)) });
        done++;
        onProgress?.({ task: `checking ${place}`, done, total: changed.length, unit: 'images' });
      },
      pool.atOnce,
    );
  } finally {
    await pool.close();
    if (done > 0) await writeRecord(recordPath, known);
  }
  return files.map(({ name }) => {
    const { bytes, mtimeMs, ...inspection } = known.get(name)!;
    return inspection;
  });
}

/** Files by name; empty where there is no record, or one that another version of the decoder made. */
async function readRecord(path: string): Promise<Map<string, Stamp & Inspection>> {
  try {
    const { format, decoder, files }: InspectionRecord = JSON.parse(await readFile(path, 'utf8'));
    if (format === recordFormat && decoder === decoderVersion) return new Map(Object.entries(files));
  } catch {
    // What cannot be read is found out anew.
  }
  return new Map();
}

async function writeRecord(path: string, files: ReadonlyMap<string, Stamp & Inspection>): Promise<void> {
  const record: InspectionRecord = {
    format: recordFormat,
    decoder: decoderVersion,
    files: lasting(files),
  };
  try {
    await writeFileAtomic(path, JSON.stringify(record));
  } catch (error) {
    // A home that cannot be written costs the next opening its time, not this one its images.
    if (!(error instanceof ImagekinError)) throw error;
  }
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
