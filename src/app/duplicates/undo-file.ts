import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ImagekinError, messageOf } from '../../core/errors.js';
import { syncFolder } from '../../core/move-file.js';

const kind = 'imagekin moved files';
const version = 1;

/** A file that is to be moved. */
export interface PlannedMove {
  /** Absolute paths. */
  readonly from: string;
  readonly to: string;
  /** Of its bytes, hex; `null` where it is not known. */
  readonly sha256: string | null;
  readonly bytes: number;
}

/** Name of an undo file of now, as `undo-2026-01-31T12-00-00-000Z.jsonl`. */
export function newUndoName(): string {
  return `undo-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.jsonl`;
}

/** What an undo file says. */
export interface UndoLog {
  /** Folder of the collection whose files were moved, absolute. */
  readonly collection: string;
  /** In the order in which they were moved; the last one need not have been. */
  readonly moves: readonly PlannedMove[];
}

/**
 * The way back for files that are moved: JSON lines, each on the disk before its file is touched. So whatever becomes of the
 * process, every file that is not where it was stands in it.
 */
export class UndoFile {
  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** @throws `file-not-writable`, also where there is a file of this name */
  static async create(path: string, collection: string): Promise<UndoFile> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const undo = new UndoFile(path, await open(path, 'wx'));
      await undo.#append({ kind, version, collection });
      await syncFolder(dirname(path));
      return undo;
    } catch (cause) {
      throw notWritable(path, cause);
    }
  }

  /** Returns when it is on the disk. @throws `file-not-writable` */
  async note(move: PlannedMove): Promise<void> {
    try {
      await this.#append(move);
    } catch (cause) {
      throw notWritable(this.path, cause);
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }

  async #append(line: object): Promise<void> {
    await this.file.appendFile(`${JSON.stringify(line)}\n`);
    await this.file.datasync();
  }
}

/**
 * Reads an undo file. A last line that is cut off was being written when its writer was killed, and its file was not touched yet.
 * @throws `file-not-found`; `source-damaged` where it is something else
 */
export async function readUndoFile(path: string): Promise<UndoLog> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ImagekinError('file-not-found', {
      where: path,
      expected: 'the undo file that imagekin dupes --move-to has written',
      got: messageOf(cause),
      fix: 'check the path',
      cause,
    });
  });
  // What stands behind the last line break is cut off, or nothing.
  const [head, ...moves] = text.split('\n').slice(0, -1).map(parsed);
  const { kind: said, version: written, collection } = head ?? {};
  if (said !== kind || written !== version || typeof collection !== 'string' || !moves.every(isMove))
    throw new ImagekinError('source-damaged', {
      where: path,
      expected: 'an undo file of imagekin dupes',
      got: said === kind ? `one of version ${written}, or damaged` : 'another file',
      fix: 'name the file that --move-to has written',
    });
  return { collection, moves: moves as unknown as PlannedMove[] };
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isMove({ from, to, sha256, bytes }: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof from === 'string' &&
    typeof to === 'string' &&
    (sha256 === null || typeof sha256 === 'string') &&
    typeof bytes === 'number'
  );
}

function notWritable(where: string, cause: unknown): ImagekinError {
  return new ImagekinError('file-not-writable', {
    where,
    expected: 'a new file that can be written',
    got: messageOf(cause),
    fix: 'name another folder or make room',
    cause,
  });
}
