import type { ArchivedFile } from '../../image/image-location.js';

/** Where the bytes of a file are in its archive, and how they are kept. */
export type ArchivedBytes = Pick<ArchivedFile, 'offset' | 'bytes' | 'compression' | 'unpackedBytes'>;

/** A file of an archive; folders are none. */
export interface ArchiveEntry {
  /** As the archive has it, with forward slashes. */
  readonly name: string;
  /** Why its bytes cannot be read where they lie. */
  readonly problem: string | undefined;
  /** @throws Error where the archive is damaged there */
  locate(): Promise<ArchivedBytes>;
}

export type ReadEntries = (archive: string) => AsyncIterable<ArchiveEntry>;
