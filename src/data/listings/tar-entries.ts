import { open } from 'node:fs/promises';
import type { ArchiveEntry } from './archive-entry.js';

const blockBytes = 512;
/** Long names and PAX records are small; a header that says otherwise is damaged. */
const maxRecordBytes = 1024 * 1024;

/**
 * The files of a TAR archive, with the place of each: only headers are read, whatever lies between is passed over. Knows
 * ustar, the long names and sizes of GNU tar, and PAX (POSIX.1-2001).
 * @throws Error where a header is damaged
 */
export async function* tarEntries(archive: string): AsyncGenerator<ArchiveEntry> {
  const file = await open(archive);
  try {
    const { size: end } = await file.stat();
    const read = async (offset: number, bytes: number) => {
      const buffer = Buffer.alloc(bytes);
      const { bytesRead } = await file.read(buffer, 0, bytes, offset);
      return buffer.subarray(0, bytesRead);
    };
    let said: { name?: string; size?: number; sparse?: boolean } = {};
    for (let at = 0; at + blockBytes <= end; ) {
      const header = await read(at, blockBytes);
      if (header.every((byte) => byte === 0)) return;
      requireChecksum(header, at);
      const type = String.fromCharCode(header[156]!);
      const offset = at + blockBytes;
      const ownSize = numberIn(header, 124, 12);
      const size = 'gxLK'.includes(type) ? ownSize : (said.size ?? ownSize);
      if (!Number.isSafeInteger(size) || size < 0) throw new Error(`a size that is none at byte ${at}`);
      at = offset + Math.ceil(size / blockBytes) * blockBytes;
      if ('xL'.includes(type)) {
        if (size > maxRecordBytes) throw new Error(`a name of ${size} bytes at byte ${offset}`);
        const record = await read(offset, size);
        said = type === 'L' ? { ...said, name: untilNul(record) } : { ...said, ...paxRecord(record) };
        continue;
      }
      if ('gK'.includes(type)) continue;
      const name = said.name ?? nameIn(header);
      const isSparse = type === 'S' || said.sparse === true;
      said = {};
      // '0' and NUL are files, '7' a contiguous one; links, folders and devices hold no bytes.
      if (!'0\x007S'.includes(type) || name.endsWith('/')) continue;
      const problem = isSparse
        ? 'a sparse file, which cannot be read where it lies'
        : offset + size > end
          ? 'the archive ends before the file does'
          : undefined;
      yield {
        name,
        problem,
        locate: async () => ({ offset, bytes: size, compression: 'none', unpackedBytes: size }),
      };
    }
  } finally {
    await file.close();
  }
}

/** The sum of a header's bytes, its own field counted as blanks. */
function requireChecksum(header: Buffer, at: number): void {
  let sum = 0;
  for (let i = 0; i < header.length; i++) sum += i >= 148 && i < 156 ? 0x20 : header[i]!;
  if (header.length !== blockBytes || sum !== numberIn(header, 148, 8))
    throw new Error(`no TAR header at byte ${at}`);
}

function nameIn(header: Buffer): string {
  const name = untilNul(header.subarray(0, 100));
  const isUstar = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? untilNul(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal digits, or, where GNU tar found these too few, a big-endian number behind a byte of 0x80. */
function numberIn(header: Buffer, offset: number, length: number): number {
  if ((header[offset]! & 0x80) === 0) {
    const digits = header
      .toString('latin1', offset, offset + length)
      .replace(/\0.*$/, '')
      .trim();
    return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
  }
  let value = header[offset]! & 0x7f;
  for (const byte of header.subarray(offset + 1, offset + length)) value = value * 256 + byte;
  return value;
}

/** Lines of `length key=value`, of which the name and the size matter here. */
function paxRecord(record: Buffer): { name?: string; size?: number; sparse?: boolean } {
  const said: { name?: string; size?: number; sparse?: boolean } = {};
  for (let at = 0; at < record.length; ) {
    const length = Number.parseInt(record.toString('latin1', at, at + 20), 10);
    if (!(length > 0)) break;
    const line = record.toString('utf8', at, at + length - 1);
    const [, key = '', value = ''] = /^\d+ ([^=]*)=(.*)$/s.exec(line) ?? [];
    if (key === 'path') said.name = value;
    else if (key === 'size') said.size = Number(value);
    else if (key.startsWith('GNU.sparse.')) said.sparse = true;
    at += length;
  }
  return said;
}

function untilNul(bytes: Buffer): string {
  const nul = bytes.indexOf(0);
  return bytes.toString('utf8', 0, nul < 0 ? bytes.length : nul);
}
