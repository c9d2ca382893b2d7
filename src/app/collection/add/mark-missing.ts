import { resolve, sep } from 'node:path';
import type { SqlCondition } from '../../../collection/catalog/database.js';
import { type ImageRecord, placeKey } from '../../../collection/catalog/image-record.js';
import type { AddRun } from './add-run.js';
import { isGone } from './file-states.js';
import type { WalkedSource } from './walked-source.js';

/** Images looked at, and written, at a time. */
const blockLength = 1000;

/**
 * Marks the images whose files are gone, when all sources have been walked through; with `prune`, removes those that are marked.
 *
 * Gone is what a source named before and does not name any more. A folder that cannot be read says nothing of its files, nor
 * does one that is empty as a whole: the disk that was mounted there is probably not plugged in.
 */
export function markMissing(run: AddRun, sources: readonly WalkedSource[], prune: boolean): void {
  for (const source of sources) {
    if (!source.isEnded || source.kind === 'list') continue;
    const ofSource: SqlCondition = { sql: 'images.source = ?', params: [source.number] };
    if (source.listed === 0) {
      const known = run.catalog.images.count(ofSource);
      if (known > 0) run.skipped.push({ path: source.given, reason: emptyReason(known) });
      continue;
    }
    markIn(run, source, ofSource);
    const below = source.isWhole ? filesBelow(source) : undefined;
    // Of another source's images here one cannot say more than that their files are not there.
    if (below) markIn(run, source, and(below, 'images.source <> ?', source.number), true);
    forgetFailures(run, source);
    if (prune) remove(run, source, ofSource);
  }
}

function emptyReason(known: number): string {
  return `no image there, where ${known} have been: is a disk not plugged in? None is marked as missing; if they are gone for good, remove them with: imagekin remove <collection> --source <it>`;
}

function markIn(
  run: AddRun,
  source: WalkedSource,
  which: SqlCondition,
  mustBeGone = needsProof(source),
): void {
  const { images } = run.catalog;
  const unseen = images.ids(and(which, 'images.missing_since IS NULL')).filter((id) => !run.seen.has(id));
  for (let at = 0; at < unseen.length; at += blockLength) {
    const block = unseen.subarray(at, at + blockLength);
    // Looked at anew, and while nobody else writes: another process may have added or moved some since they were listed.
    run.counts.missing += run.write(() => {
      const gone = images
        .byId(block)
        .filter(
          (image) =>
            !isUnlisted(source, image) && (mustBeGone ? isGone(image.path) : image.addedAt < run.startedAt),
        );
      return images.markMissing(gone.map(({ id }) => id));
    });
  }
}

/**
 * Whether an image that a source does not name is missing only where there is no such file. In a folder a file may have come
 * after it was listed; and rows of a manifest that could not be read may have been of any image.
 */
function needsProof({ kind, isWhole, unlisted }: WalkedSource): boolean {
  return (kind === 'folder' && isWhole) || (kind === 'manifest' && unlisted.size > 0);
}

/** Whether an image lies in what could not be listed. */
function isUnlisted({ unlisted }: WalkedSource, image: ImageRecord): boolean {
  if (unlisted.size === 0) return false;
  const name = image.entry === '' ? image.path : resolve(`${image.path}/${image.entry}`);
  for (let end = name.indexOf(sep, 1); end > 0; end = name.indexOf(sep, end + 1))
    if (unlisted.has(name.slice(0, end))) return true;
  return unlisted.has(name);
}

/** All files in a folder, by the index of their paths: what begins with it and a slash. */
function filesBelow({ kind, root }: WalkedSource): SqlCondition | undefined {
  if (kind !== 'folder' || root === null) return undefined;
  const folder = root.endsWith(sep) ? root.slice(0, -1) : root;
  const next = String.fromCharCode(sep.charCodeAt(0) + 1);
  return { sql: 'images.path >= ? AND images.path < ?', params: [`${folder}${sep}`, `${folder}${next}`] };
}

function and({ sql, params }: SqlCondition, more: string, ...values: number[]): SqlCondition {
  return { sql: `(${sql}) AND ${more}`, params: [...params, ...values] };
}

/** Files that could not be used and are no longer there need not be known. */
function forgetFailures(run: AddRun, { number }: WalkedSource): void {
  const gone = run.catalog.failures
    .all()
    .filter((failure) => failure.source === number && !run.failing.has(placeKey(failure)));
  if (gone.length > 0) run.write(() => run.catalog.failures.remove(gone));
}

function remove(run: AddRun, source: WalkedSource, which: SqlCondition): void {
  const { images } = run.catalog;
  const missing = images.ids(and(which, 'images.missing_since IS NOT NULL'));
  for (let at = 0; at < missing.length; at += blockLength) {
    const block = missing.subarray(at, at + blockLength);
    run.counts.pruned += run.write(() => {
      const still = images
        .byId(block)
        .filter(
          (image) => image.missingSince !== null && !isUnlisted(source, image) && !run.seen.has(image.id),
        );
      return images.remove(still.map(({ id }) => id));
    });
  }
}
