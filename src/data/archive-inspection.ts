import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import { imagekinHome } from '../core/home.js';
import { decoderVersion } from '../image/decode.js';
import { DecodePool } from '../image/decode-pool.js';
import type { ArchivedFile } from '../image/image-location.js';
import { mapConcurrently } from './concurrency.js';
import { type Inspection, inspectFile, lasting } from './inspect-file.js';
import type { OpenOptions } from './open-options.js';

/** What is remembered of an archive, for as long as it and the decoder stay what they are. */
interface ArchiveRecord {
  readonly format: typeof recordFormat;
  readonly decoder: string;
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly files: Record<string, Inspection>;
}

const recordFormat = 2;

/**
 * Decodes files of an archive once, as `inspectFiles` does with those of a directory, and remembers what came of it in the
 * home directory until the archive changes.
 * @returns what was found, in the order of `files`
 */
export async function inspectArchived(
  archive: string,
  files: readonly ArchivedFile[],
  { home = imagekinHome(), onProgress, signal }: OpenOptions = {},
): Promise<Inspection[]> {
  const { size: bytes, mtimeMs } = await stat(archive);
  const recordPath = join(home, 'archives', `${sha256(resolve(archive)).slice(0, 32)}.json`);
  const known = await readRecord(recordPath, bytes, mtimeMs);
  const unknown = files.filter(({ name }) => !known.has(name));
  let done = 0;
  const pool = new DecodePool();
  try {
    await mapConcurrently(
      unknown.length,
      async (index) => {
        signal?.throwIfAborted();
        known.set(unknown[index]!.name, await inspectFile(pool, unknown[index]!));
        done++;
        onProgress?.({ task: `checking ${archive}`, done, total: unknown.length, unit: 'images' });
      },
      pool.atOnce,
    );
  } finally {
    await pool.close();
    if (done > 0) await writeRecord(recordPath, { bytes, mtimeMs, files: lasting(known) });
  }
  return files.map(({ name }) => known.get(name)!);
}

async function readRecord(path: string, bytes: number, mtimeMs: number): Promise<Map<string, Inspection>> {
  try {
    const record: ArchiveRecord = JSON.parse(await readFile(path, 'utf8'));
    const holds =
      record.format === recordFormat &&
      record.decoder === decoderVersion &&
      record.bytes === bytes &&
      record.mtimeMs === mtimeMs;
    if (holds) return new Map(Object.entries(record.files));
  } catch {
    // What cannot be read is found out anew.
  }
  return new Map();
}

async function writeRecord(path: string, record: Omit<ArchiveRecord, 'format' | 'decoder'>): Promise<void> {
  try {
    await writeFileAtomic(
      path,
      JSON.stringify({ format: recordFormat, decoder: decoderVersion, ...record } satisfies ArchiveRecord),
    );
  } catch (error) {
    // A home that cannot be written costs the next opening its time, not this one its images.
    if (!(error instanceof ImagekinError)) throw error;
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
