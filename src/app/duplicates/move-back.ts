import { lstat, unlink } from 'node:fs/promises';
import { messageOf } from '../../core/errors.js';
import { removeLeftovers } from '../../core/files.js';
import { isSameFile, moveFile, sha256OfFile } from '../../core/move-file.js';
import type { OnProgress, Skipped } from '../../core/progress.js';
import type { PlannedMove, UndoLog } from './undo-file.js';

export interface MovedBack {
  /** Paths of the files that are where they were: put back now, or never away. */
  readonly restored: readonly string[];
  /** How many of these were put back now. */
  readonly putBack: number;
  readonly skipped: readonly Skipped[];
}

/**
 * Puts files back where they were, the last one that was moved first. May be stopped and run again: what is back stays. Where
 * something else has taken a file's place, the file stays where it was moved to.
 */
export async function moveBack(
  { moves }: UndoLog,
  { onProgress, signal }: { readonly onProgress?: OnProgress; readonly signal?: AbortSignal } = {},
): Promise<MovedBack> {
  const restored: string[] = [];
  const skipped: Skipped[] = [];
  let putBack = 0;
  for (const [done, move] of [...moves].reverse().entries()) {
    signal?.throwIfAborted();
    onProgress?.({ task: 'putting back', done, total: moves.length, unit: 'files' });
    try {
      const outcome = await putOneBack(move);
      if (outcome === 'put back') putBack++;
      if (outcome === 'put back' || outcome === 'there') restored.push(move.from);
      else skipped.push({ path: move.from, reason: outcome });
    } catch (error) {
      skipped.push({ path: move.from, reason: messageOf(error) });
    }
  }
  return { restored, putBack, skipped };
}

async function putOneBack(move: PlannedMove): Promise<string> {
  const { from, to, bytes } = move;
  await removeLeftovers(to);
  const [atOld, atNew] = [await sizeOf(from), await sizeOf(to)];
  if (atOld === undefined && atNew === undefined) return `neither there nor at ${to}`;
  if (atOld === undefined) {
    if (atNew !== bytes) return `what lies at ${to} is another file`;
    await moveFile(to, from);
    return 'put back';
  }
  if (atNew === undefined) return atOld === bytes ? 'there' : 'another file is there';
  // Both: either its mover was killed halfway, when these are one file or of the same bytes, or somebody put another there.
  if (await isSameFile(from, to)) {
    await unlink(to);
    return 'there';
  }
  if (atNew === 0 && bytes > 0 && atOld === bytes) {
    await unlink(to);
    return 'there';
  }
  if (atOld === bytes && atNew === bytes && (await sha256OfFile(from)) === (await sha256OfFile(to))) {
    await unlink(to);
    return 'there';
  }
  return `another file is there; it stays at ${to}`;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await lstat(path);
    return found.isFile() ? found.size : -1;
  } catch {
    return undefined;
  }
}
