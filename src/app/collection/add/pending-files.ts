import { isInside } from '../../../core/is-inside.js';
import { imagesInFolder } from '../../../data/listings/folder-source.js';
import type { AddRun } from './add-run.js';
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
      paths.filter((path) => isInside(path, source.root!)),
    );
    for (let at = 0; at < images.length; at += blockLength)
      yield* await settleBlock(run, source, images.slice(at, at + blockLength).map(fileCandidate));
  }
}
