import { join, resolve } from 'node:path';
import { modifiedAt, shownPath } from '../../collection/catalog/image-record.js';
import { Collection } from '../../collection/collection.js';
import { ImagekinError } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/files.js';
import type { OnProgress } from '../../core/progress.js';
import { reportHtml } from '../../report/html-report.js';
import { type Moved, moveAway } from '../duplicates/move-away.js';
import { newUndoName } from '../duplicates/undo-file.js';
import { requireWritableDirectory, requireWritableFile } from '../require-writable.js';
import { duplicatesReport } from './duplicates-report.js';
import type { DuplicatesResult, ListedGroup } from './duplicates-result.js';
import {
  type Candidate,
  type DuplicateGroup,
  type DuplicateKind,
  findDuplicates,
} from './find-duplicates.js';
import { rootAround } from './root-around.js';

/** As `data check` has it: see docs/guide/data-check.md for what was measured. */
export const defaultNearDistance = 15;

export interface ListDuplicatesOptions {
  /** Folder of the collection. */
  readonly collection: string;
  /** Default `all`. */
  readonly kind?: DuplicateKind;
  /** Bits of 64 by which the hashes of near duplicates may differ. Default 15. */
  readonly nearDistance?: number;
  /** Path for a page with the pictures of each group. */
  readonly html?: string;
  /** A folder to move all but the best of each group to. */
  readonly moveTo?: string;
  readonly threads?: number;
  /** Told the path of the undo file before the first file is moved. */
  readonly onUndoFile?: (path: string) => void;
  /** What the user typed, for the page. */
  readonly command?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Finds the copies in a collection, and moves them away where it is told to: into a folder, with an undo file. Files that were
 * moved are no longer in any search.
 *
 * @throws ImagekinError `collection-missing`, `file-not-writable`, `wrong-usage`
 */
export async function listDuplicates(options: ListDuplicatesOptions): Promise<DuplicatesResult> {
  const {
    kind = 'all',
    nearDistance = defaultNearDistance,
    html,
    moveTo,
    threads,
    onProgress,
    signal,
  } = options;
  const startedMs = performance.now();
  const collection = Collection.open(options.collection);
  try {
    if (html !== undefined) await requireWritableFile(html);
    if (moveTo !== undefined) await requireOutside(collection, moveTo);
    const found = await findDuplicates(collection, { kind, nearDistance, threads, onProgress, signal });
    const groups = found.groups.map(listedGroup);
    const others = groups.flatMap(({ files }) => files.slice(1));
    const moved = moveTo === undefined ? undefined : await move(collection, found.groups, moveTo, options);
    let result: DuplicatesResult = {
      collection: options.collection,
      kind,
      nearDistance,
      images: found.images,
      withoutPrint: found.withoutPrint,
      neighboursCompared: found.neighboursCompared,
      groups,
      duplicates: others.length,
      duplicateBytes: others.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
      page: null,
      moved:
        moved && moveTo !== undefined ? { to: moveTo, undoFile: moved.undoFile, files: moved.files } : null,
      skipped: moved?.skipped ?? [],
      seconds: 0,
    };
    if (html !== undefined) {
      const report = await duplicatesReport(result, collection, options.command ?? 'imagekin dupes', signal);
      await writeFileAtomic(html, reportHtml(report));
      result = { ...result, page: html };
    }
    return { ...result, seconds: (performance.now() - startedMs) / 1000 };
  } finally {
    collection.close();
  }
}

async function move(
  collection: Collection,
  groups: readonly DuplicateGroup[],
  folder: string,
  { onUndoFile, onProgress, signal }: ListDuplicatesOptions,
): Promise<Moved & { readonly undoFile: string | null }> {
  const undoFile = join(folder, newUndoName());
  let written: string | null = null;
  const moved = await moveAway({
    groups: groups.map(({ members: [kept, ...others] }) => ({ kept: [kept!], others })),
    folder: resolve(folder),
    collection: resolve(collection.directory),
    undoFile: resolve(undoFile),
    onUndoFile: () => {
      written = undoFile;
      onUndoFile?.(undoFile);
    },
    onMoved: (ids) => collection.catalog.write(() => collection.catalog.images.markMissing(ids)),
    onProgress,
    signal,
  });
  return { ...moved, undoFile: written };
}

/** Where images are added from, what was moved away would come back the next time. */
async function requireOutside(collection: Collection, folder: string): Promise<void> {
  const root = rootAround(collection, folder);
  if (root !== undefined)
    throw new ImagekinError('wrong-usage', {
      where: '--move-to',
      expected: 'a folder outside of the collection and of what it was made of',
      got: `${folder}, which is in ${root}`,
      fix: 'name a folder beside it: what is moved within it would be added again',
    });
  await requireWritableDirectory(folder);
}

function listedGroup({ kind, distance, members }: DuplicateGroup): ListedGroup {
  const best = members[0]!;
  const roleOf = (image: Candidate) => {
    if (image === best) return 'keep' as const;
    return image.sha256 !== null && image.sha256 === best.sha256 ? ('exact' as const) : ('near' as const);
  };
  return {
    kind,
    distance,
    files: members.map((image) => ({
      id: image.id,
      path: shownPath(image),
      role: roleOf(image),
      width: image.width,
      height: image.height,
      bytes: image.size,
      modifiedAt: modifiedAt(image),
      label: image.label,
    })),
  };
}
