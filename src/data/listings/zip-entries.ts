import { getFileNameLowLevel, openPromise } from 'yauzl';
import type { ArchiveEntry } from './archive-entry.js';

const stored = 0;
const deflated = 8;

/**
 * The files of a ZIP archive, by its central directory (ZIP64 as well). Where the bytes of one begin stands in a header of
 * its own, which is read when it is asked for.
 * @throws Error where it is no ZIP archive, or its directory is damaged
 */
export async function* zipEntries(archive: string): AsyncGenerator<ArchiveEntry> {
  // Names are decoded here: one that yauzl finds unsafe would end the reading of all.
  const zip = await openPromise(archive, {
    autoClose: false,
    decodeStrings: false,
    validateEntrySizes: false,
  });
  try {
    for await (const entry of zip.eachEntry()) {
      const { compressionMethod, compressedSize, uncompressedSize } = entry;
      const name = getFileNameLowLevel(
        entry.generalPurposeBitFlag,
        entry.fileNameRaw,
        entry.extraFields,
        false,
      );
      if (name.endsWith('/')) continue;
      const problem = entry.isEncrypted()
        ? 'encrypted'
        : compressionMethod !== stored && compressionMethod !== deflated
          ? `compressed by method ${compressionMethod}, where only stored and deflated files can be read`
          : compressionMethod === stored && compressedSize !== uncompressedSize
            ? 'stored in more or fewer bytes than it has'
            : undefined;
      yield {
        name,
        problem,
        async locate() {
          const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
          return {
            offset: fileDataStart,
            bytes: compressedSize,
            compression: compressionMethod === stored ? 'none' : 'deflate',
            unpackedBytes: uncompressedSize,
          };
        },
      };
    }
  } finally {
    zip.close();
  }
}
