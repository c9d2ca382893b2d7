import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { ImagekinError, messageOf } from '../core/errors.js';

/** A file wanted from an archive: its name there, the name it gets, and how long it may be. */
export interface WantedEntry {
  readonly entry: string;
  readonly file: string;
  readonly maxBytes: number;
}

/**
 * Writes the wanted files of a .tar.gz into `directory`, which must exist. The archive decides nothing about where
 * bytes go: only plain files of the wanted names are written, under names given by the caller. All else is passed
 * over, up to `maxOtherBytes`.
 * @throws ImagekinError `source-damaged`: not such an archive, truncated, a wanted file missing, twice, or too long
 */
export async function unpackTarGz(
  archive: string,
  directory: string,
  wanted: readonly WantedEntry[],
  { maxOtherBytes = 1_000_000, signal }: { maxOtherBytes?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const missing = new Map(wanted.map((want) => [want.entry, want]));
  let otherBytes = 0;
  const entries = extract();
  const writing = (async () => {
    for await (const entry of entries) {
      const { name, type, size = 0 } = entry.header;
      const want = type === 'file' ? missing.get(name) : undefined;
      otherBytes += want === undefined ? size : 0;
      if (size > (want?.maxBytes ?? 0) && (want !== undefined || otherBytes > maxOtherBytes))
        throw new Error(`an entry "${name}" of ${size} bytes`);
      if (want === undefined) {
        entry.resume();
        continue;
      }
      missing.delete(name);
      await pipeline(entry, createWriteStream(join(directory, want.file), { flags: 'wx' }));
    }
  })();
  try {
    await Promise.all([pipeline(createReadStream(archive), createGunzip(), entries, { signal }), writing]);
    if (missing.size > 0) throw new Error(`no entry "${[...missing.keys()].join('", "')}"`);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ImagekinError('source-damaged', {
      where: archive,
      expected: `a .tar.gz with ${wanted.length} files of known names and sizes`,
      got: messageOf(cause),
      fix: 'remove it and get it again',
      cause,
    });
  }
}
