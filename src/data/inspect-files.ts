import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import { imagekinHome } from '../core/home.js';
import { decoderVersion } from '../image/decode.js';
import { DecodePool } from '../image/decode-pool.js';
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
 * Decodes every file once, so that a truncated one is known when a source is opened rather than in the middle of a
 * training. The outcome is remembered in the home directory by path, size and time of change: the next opening looks
 * only at what changed.
 * @param paths relative to `directory`
 * @returns what was found, in the order of `paths`
 */
export async function inspectFiles(
  directory: string,
  paths: readonly string[],
  { home = imagekinHome(), onProgress, signal }: OpenOptions = {},
): Promise<Inspection[]> {
  const recordPath = join(home, 'folders', `${sha256(resolve(directory)).slice(0, 32)}.json`);
  const files = await readRecord(recordPath);
  const stamps = new Map<string, Stamp>();
  await mapConcurrently(paths.length, async (index) => {
    const { size, mtimeMs } = await stat(join(directory, paths[index]!));
    stamps.set(paths[index]!, { bytes: size, mtimeMs });
  });
  const changed = paths.filter((path) => {
    const known = files.get(path);
    const stamp = stamps.get(path)!;
    return known?.bytes !== stamp.bytes || known.mtimeMs !== stamp.mtimeMs;
  });
  let done = 0;
  const pool = new DecodePool();
  try {
    await mapConcurrently(
      changed.length,
      async (index) => {
        signal?.throwIfAborted();
        const path = changed[index]!;
        files.set(path, { ...stamps.get(path)!, ...(await inspectFile(pool, join(directory, path))) });
        done++;
        onProgress?.({ task: `checking ${directory}`, done, total: changed.length, unit: 'images' });
      },
      pool.atOnce,
    );
  } finally {
    await pool.close();
    if (done > 0) await writeRecord(recordPath, files);
  }
  return paths.map((path) => {
    const { bytes, mtimeMs, ...inspection } = files.get(path)!;
    return inspection;
  });
}

/** Files by relative path; empty where there is no record, or one that another version of the decoder made. */
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

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
