import { isDeepStrictEqual } from 'node:util';
import type { Edit } from '../../../collection/catalog/edit-table.js';
import type { ImageRecord, RecordMetadata } from '../../../collection/catalog/image-record.js';
import { type ExifFacts, exifFactNames } from '../../../image/exif-facts.js';
import type { Candidate } from './candidate.js';

/** What is known of an image besides its pixels and its place. */
export interface Description {
  readonly label: string | null;
  readonly split: string | null;
  readonly metadata: RecordMetadata;
}

/**
 * What was found to be said of an image, but for what was set by hand of it: that stays as it is known, and what was taken away
 * stays away.
 */
export function withEdits(found: Description, known: Description, edit: Edit | undefined): Description {
  if (edit === undefined) return found;
  const metadata: Record<string, unknown> = Object.fromEntries(
    Object.entries(found.metadata).filter(([name]) => !edit.metadata.includes(name)),
  );
  const kept = Object.entries(known.metadata).filter(([name]) => edit.metadata.includes(name));
  return {
    label: edit.label ? known.label : found.label,
    split: edit.split ? known.split : found.split,
    metadata: { ...metadata, ...Object.fromEntries(kept) },
  };
}

/** What a source says wins, and of what it says nothing, what is known stays. */
export function describedBy(
  { label, split, metadata }: Pick<Candidate, 'label' | 'split' | 'metadata'>,
  known: Description,
): Description {
  return {
    label: label ?? known.label,
    split: split ?? known.split,
    metadata: metadata ? { ...known.metadata, ...metadata } : known.metadata,
  };
}

/** The same, as far as it is something else than what is known; `undefined` where nothing is. */
export function newDescription(
  candidate: Candidate,
  known: Description,
  edit: Edit | undefined,
): Partial<Description> | undefined {
  const { label, split, metadata } = withEdits(describedBy(candidate, known), known, edit);
  const changes = {
    ...(label !== known.label && { label }),
    ...(split !== known.split && { split }),
    ...(!isDeepStrictEqual(metadata, known.metadata) && { metadata }),
  };
  return Object.keys(changes).length > 0 ? changes : undefined;
}

/**
 * What is known of a file that has been moved. A label that was that of its folder does not come along into a folder that
 * gives none.
 */
export function keptByMoving({ name, label, split, metadata }: ImageRecord): Description {
  const folder = name.slice(0, Math.max(0, name.lastIndexOf('/')));
  const isOfFolder = label !== null && (folder === label || folder.endsWith(`/${label}`));
  return { label: isOfFolder ? null : label, split, metadata };
}

/** What a new file says of itself, and its source of it; of the file that was there before, what was not its own. */
export function describedAnew(
  candidate: Candidate,
  exif: ExifFacts,
  before: Description = { label: null, split: null, metadata: {} },
): Description {
  const names: readonly string[] = exifFactNames;
  const kept = Object.entries(before.metadata).filter(([name]) => !names.includes(name));
  return describedBy(candidate, { ...before, metadata: { ...Object.fromEntries(kept), ...exif } });
}
