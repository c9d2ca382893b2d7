import { type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FileState } from '../../../collection/catalog/image-record.js';
import { messageOf } from '../../../core/errors.js';
import { mapConcurrently } from '../../../data/concurrency.js';
import { type Candidate, isInMemory } from './candidate.js';

/** What a look at a file's directory entry says of it. */
export type Seen = FileState | Unseen;

export interface Unseen {
  readonly reason: string;
  /** Whether it is known that there is no such file, not merely that one cannot look. */
  readonly isGone: boolean;
}

const noFile: FileState = { size: null, mtime: null };

/** On a local disk a look takes some microseconds; where it takes longer than this, many are taken at a time. */
const slowMs = 0.2;
const atOnce = 32;

/** Looks at the files of candidates, without reading them. */
export class FileStates {
  #isSlow = false;
  /** The last archive: its entries come one after the other. */
  #archive: { readonly path: string; readonly seen: Seen } | undefined;

  /** In the order of the candidates. */
  async of(candidates: readonly Candidate[]): Promise<Seen[]> {
    const seen = new Array<Seen>(candidates.length);
    if (this.#isSlow && candidates.every(({ entry }) => entry === '')) {
      await mapConcurrently(
        candidates.length,
        async (i) => {
          seen[i] = await lookAsync(candidates[i]!.path);
        },
        atOnce,
      );
      return seen;
    }
    const startedAt = performance.now();
    for (const [i, candidate] of candidates.entries()) seen[i] = this.#look(candidate);
    this.#isSlow = (performance.now() - startedAt) / Math.max(1, candidates.length) > slowMs;
    return seen;
  }

  #look({ path, from }: Candidate): Seen {
    if (isInMemory(from)) return noFile;
    if (typeof from === 'string') return look(path);
    if (this.#archive?.path !== path) this.#archive = { path, seen: look(path) };
    const { seen } = this.#archive;
    return 'reason' in seen ? seen : { size: from.unpackedBytes, mtime: seen.mtime };
  }
}

export function isSameState(a: FileState, b: FileState): boolean {
  return a.size === b.size && a.mtime === b.mtime;
}

/** Whether it is known that there is nothing at a path. */
export function isGone(path: string): boolean {
  const seen = look(path);
  return 'isGone' in seen && seen.isGone;
}

/** One file. */
export function look(path: string): Seen {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? gone : stateOf(stats);
  } catch (error) {
    return unseen(error);
  }
}

async function lookAsync(path: string): Promise<Seen> {
  try {
    return stateOf(await stat(path));
  } catch (error) {
    return unseen(error);
  }
}

/** Whole milliseconds: SQLite hands on numbers with 15 digits. */
function stateOf({ size, mtimeMs }: Stats): FileState {
  return { size, mtime: Math.trunc(mtimeMs) };
}

const gone: Unseen = { reason: 'no such file', isGone: true };

function unseen(error: unknown): Unseen {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' ? gone : { reason: messageOf(error), isGone: false };
}
