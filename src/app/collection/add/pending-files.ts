import { sep } from 'node:path';
import { imagesInFolder } from '../../../data/listings/folder-source.js';
import type { AddRun } from './add-run.js';
import type { AddedSource } from './added-source.js';
import { fileCandidate } from './candidate.js';
import { type Pending, settleBlock } from './settle-block.js';
import type { WalkedSource } from './walked-source.js';

/** Images that are held against the catalog at a time. */
const blockLength = 1000;

/** Of some files in folders those that must be decoded, without a walk through the folders. */
export async function* pendingFiles(
  run: AddRun,
  sources: readonly WalkedSource[],
  paths: readonly string[],
): AsyncGenerator<Pending> {
  for (const source of sources) {
    const images = await imagesInFolder(
      source.root!,
      paths.filter((path) => isIn(source, path)),
    );
    for (let at = 0; at < images.length; at += blockLength)
      yield* await settleBlock(run, source, images.slice(at, at + blockLength).map(fileCandidate));
  }
}

/** Whether a path lies in the folder of a source. */
export function isIn({ root }: AddedSource, path: string): boolean {
  return path.startsWith(root!.endsWith(sep) ? root! : `${root}${sep}`);
}
