import { createHash } from 'node:crypto';
import type { Edit } from '../../../collection/catalog/edit-table.js';
import {
  type FileState,
  type ImagePlace,
  type ImageRecord,
  placeKey,
} from '../../../collection/catalog/image-record.js';
import { mapConcurrently } from '../../../data/concurrency.js';
import { defaultMaxBytes } from '../../../image/decode.js';
import { readLocation } from '../../../image/image-location.js';
import type { AddRun } from './add-run.js';
import { type Candidate, candidateName, isInMemory } from './candidate.js';
import { describedBy, keptByMoving, newDescription, withEdits } from './described.js';
import { editedNow } from './edited-now.js';
import { isGone, isSameState } from './file-states.js';
import type { WalkedSource } from './walked-source.js';

/** An image that must be decoded. */
export interface Pending {
  readonly candidate: Candidate;
  readonly source: WalkedSource;
  readonly state: FileState;
  /** What was at this place, where other bytes are now. */
  readonly before?: ImageRecord;
}

/** A file that has been looked at. */
interface Looked {
  readonly candidate: Candidate;
  readonly state: FileState;
  readonly record: ImageRecord | undefined;
}

interface Hashed extends Looked {
  readonly sha256: string;
}

/** A new place with the bytes of an image that is known. */
interface Relocation extends Hashed {
  readonly from: ImageRecord;
  /** Whether the image has come here, as it is no longer where it was. */
  readonly isMove: boolean;
}

/**
 * Holds some images of a source against the catalog, and does all that can be done without decoding any.
 *
 * Of a file that has the size and the date that it had, nothing is read. Of one that has others, or is new and of a length
 * that an image of the collection has, the bytes are hashed: they may be the old ones, or those of an image that is known.
 * @returns those that must be decoded
 */
export async function settleBlock(
  run: AddRun,
  source: WalkedSource,
  listed: readonly Candidate[],
): Promise<Pending[]> {
  const candidates = distinct(listed).filter((candidate) => !run.underWay.has(placeKey(candidate)));
  const { unchanged, others } = await lookAt(run, source, candidates);
  const sizes = others.flatMap(({ state, record }) =>
    record === undefined && state.size !== null ? [state.size] : [],
  );
  const knownSizes = sizes.length > 0 ? run.catalog.images.knownSizes(sizes) : new Set<number>();
  const worthHashing = others.filter(
    ({ state, record }) => state.size !== null && (record !== undefined || knownSizes.has(state.size)),
  );
  const hashed = await hashedOf(worthHashing);
  const touched = hashed.filter(({ record, sha256 }) => record?.sha256 === sha256);
  const relocations = relocationsOf(run, hashed);

  const { relocated, removed } = write(run, source, unchanged, touched, relocations);
  const settled = new Set([...touched, ...relocated].map(({ candidate }) => candidate));
  const left = [
    ...unchanged.filter(({ candidate }) => removed.has(candidate)),
    ...others.filter(({ candidate }) => removed.has(candidate) || !settled.has(candidate)),
  ];
  return left.map(({ candidate, state, record }) => {
    run.underWay.add(placeKey(candidate));
    const before = removed.has(candidate) ? undefined : record;
    return { candidate, source, state, ...(before && { before }) };
  });
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [placeKey(candidate), candidate])).values()];
}

/** Those whose file is as it was, and those of which more must be known. The rest cannot be used, and is told of. */
async function lookAt(
  run: AddRun,
  source: WalkedSource,
  candidates: readonly Candidate[],
): Promise<{ readonly unchanged: Looked[]; readonly others: Looked[] }> {
  const states = await run.states.of(candidates);
  const records = byPlace(run.catalog.images.at(candidates));
  const failures = byPlace(run.catalog.failures.count() > 0 ? run.catalog.failures.at(candidates) : []);
  const unchanged: Looked[] = [];
  const others: Looked[] = [];
  for (const [i, candidate] of candidates.entries()) {
    const key = placeKey(candidate);
    const [state, record, failure] = [states[i]!, records.get(key), failures.get(key)];
    if ('reason' in state) {
      // Where the file is known to be gone, it is as if nobody had named it.
      if (record && !state.isGone) run.seen.add(record.id);
      if (record && state.isGone) continue;
      run.fail(candidateName(candidate), state.reason);
    } else if (failure && isSameState(failure, state) && !run.options.retryFailed) {
      run.failing.add(key);
      run.fail(candidateName(candidate), failure.reason);
    } else {
      const looked = { candidate, state, record };
      if (record && isSameState(record, state)) unchanged.push(looked);
      else others.push(looked);
      if (failure) source.recovered.push(candidate);
    }
  }
  return { unchanged, others };
}

function byPlace<Place extends ImagePlace>(places: readonly Place[]): Map<string, Place> {
  return new Map(places.map((place) => [placeKey(place), place]));
}

/** Files read at a time to be hashed. */
const hashesAtOnce = 4;

/** The hashes of files; those that cannot be read are left out, and what decodes them will say why. */
async function hashedOf(files: readonly Looked[]): Promise<Hashed[]> {
  const hashed: Hashed[] = [];
  await mapConcurrently(
    files.length,
    async (i) => {
      const file = files[i]!;
      const { from } = file.candidate;
      if (isInMemory(from)) return;
      const bytes = await readLocation(from, defaultMaxBytes).catch(() => undefined);
      if (bytes) hashed.push({ ...file, sha256: createHash('sha256').update(bytes).digest('hex') });
    },
    hashesAtOnce,
  );
  return hashed;
}

/** Images with the same bytes, by their ids, and the first of them of which it is not known whether a file has come from it. */
interface Known {
  readonly images: ImageRecord[];
  next: number;
}

function relocationsOf(run: AddRun, hashed: readonly Hashed[]): Relocation[] {
  const fresh = hashed.filter(({ record }) => record === undefined);
  if (fresh.length === 0) return [];
  const byHash = new Map<string, Known>();
  for (const image of run.catalog.images.withSha256(fresh.map(({ sha256 }) => sha256)).sort(byId)) {
    const known = byHash.get(image.sha256!);
    if (known) known.images.push(image);
    else byHash.set(image.sha256!, { images: [image], next: 0 });
  }
  return fresh.flatMap((file): Relocation[] => {
    const known = byHash.get(file.sha256);
    if (!known) return [];
    // There may be thousands of copies: none is looked at twice.
    while (known.next < known.images.length) {
      const image = known.images[known.next++]!;
      if (!run.seen.has(image.id) && hasLeft(image)) return [{ ...file, from: image, isMove: true }];
    }
    return [{ ...file, from: known.images[0]!, isMove: false }];
  });
}

function byId(a: ImageRecord, b: ImageRecord): number {
  return a.id - b.id;
}

/** Whether an image is no longer at its place. Of a file in an archive that is there it is known only once it is missing. */
function hasLeft({ path, entry, archived, missingSince }: ImageRecord): boolean {
  const isFile = entry === '' || archived !== null;
  return (isFile && isGone(path)) || (entry !== '' && missingSince !== null);
}

/**
 * Writes down what was found, all of it at once. What it begins with may have changed since it was looked at.
 * @returns the relocations that came to something, and whose images are no longer there: another process has removed them
 */
function write(
  run: AddRun,
  source: WalkedSource,
  unchanged: readonly Looked[],
  touched: readonly Looked[],
  relocations: readonly Relocation[],
): { readonly relocated: readonly Relocation[]; readonly removed: ReadonlySet<Candidate> } {
  const { images, edits } = run.catalog;
  const { counts } = run;
  const editedBefore = edits.of(unchanged.map(({ record }) => record!.id));
  const updates = unchanged.filter(({ candidate, record }) =>
    isUpdated(source, candidate, record!, editedBefore.get(record!.id)),
  );
  const recovered = source.recovered.splice(0);
  const relocated: Relocation[] = [];
  const removed = new Set<Candidate>();
  const found: number[] = [];
  const added = { moved: 0, copied: 0, returned: 0, described: 0 };
  if (updates.length + touched.length + relocations.length + recovered.length > 0)
    run.write(() => {
      run.catalog.failures.remove(recovered);
      const written = [...updates, ...touched];
      const edited = editedNow(run.catalog, [
        ...written.map(({ record }) => record!.id),
        ...relocations.map(({ from }) => from.id),
      ]);
      for (const { candidate, state, record } of written) {
        if (!images.move(record!.id, placed(candidate, state, ownerOf(source, candidate, record!)))) {
          removed.add(candidate);
          continue;
        }
        if (record!.missingSince !== null) added.returned++;
        const now = edited.get(record!.id);
        const about = isDescribedBy(source, record!)
          ? newDescription(candidate, now?.image ?? record!, now?.edit)
          : undefined;
        if (about) {
          images.describe(record!.id, about);
          added.described++;
        }
      }
      const there = byPlace(images.at(relocations.map(({ candidate }) => candidate)));
      const now = new Map(
        images.byId(relocations.map(({ from }) => from.id)).map((image) => [image.id, image]),
      );
      for (const relocation of relocations) {
        const { candidate, state, from, sha256, isMove } = relocation;
        const origin = now.get(from.id);
        // Another process may have been here in the meantime.
        if (there.has(placeKey(candidate)) || origin?.sha256 !== sha256) continue;
        const to = placed(candidate, state, { source: source.number, name: candidate.name });
        if (isMove && placeKey(origin) === placeKey(from)) {
          if (origin.missingSince !== null) added.returned++;
          images.move(origin.id, to);
          const about = describedBy(candidate, keptByMoving(origin));
          images.describe(origin.id, withEdits(about, origin, edited.get(origin.id)?.edit));
          found.push(origin.id);
          added.moved++;
        } else {
          const id = copy(run, relocation, origin);
          if (id === undefined) continue;
          found.push(id);
          added.copied++;
        }
        relocated.push(relocation);
      }
    });
  const kept = [...unchanged, ...touched].filter(({ candidate }) => !removed.has(candidate));
  for (const { record } of kept) run.seen.add(record!.id);
  for (const id of found) run.seen.add(id);
  counts.unchanged += kept.length;
  counts.moved += added.moved;
  counts.copied += added.copied;
  counts.returned += added.returned;
  counts.described += added.described;
  return { relocated, removed };

  function placed(
    candidate: Candidate,
    state: FileState,
    { source: number, name }: Pick<ImageRecord, 'source' | 'name'>,
  ): Parameters<typeof images.move>[1] {
    const { path, entry, archived } = candidate;
    return { path, entry, ...state, source: number, name, archived };
  }

  function copy(
    { vectors }: AddRun,
    { candidate, state }: Relocation,
    origin: ImageRecord,
  ): number | undefined {
    if (!vectors.has(origin.id)) return undefined;
    const { id: _, missingSince: __, addedAt: ___, ...facts } = origin;
    const about = describedBy(candidate, { label: null, split: null, metadata: origin.metadata });
    const to = placed(candidate, state, { source: source.number, name: candidate.name });
    const [id] = images.put([{ ...facts, ...to, ...about }]);
    vectors.copy(origin.id, id!);
    run.catalog.previews.copy(origin.id, id!);
    return id;
  }
}

/** Whether something must be written of an image whose file is as it was. */
function isUpdated(
  source: WalkedSource,
  candidate: Candidate,
  record: ImageRecord,
  edit: Edit | undefined,
): boolean {
  if (record.missingSince !== null || record.archived !== candidate.archived) return true;
  const owner = ownerOf(source, candidate, record);
  if (owner.source !== record.source || owner.name !== record.name) return true;
  return isDescribedBy(source, record) && newDescription(candidate, record, edit) !== undefined;
}

/** Several sources may name one file. It stays with the first, until that has lost it or a manifest speaks of it. */
function ownerOf(
  source: WalkedSource,
  candidate: Candidate,
  record: ImageRecord,
): Pick<ImageRecord, 'source' | 'name'> {
  return isDescribedBy(source, record) ? { source: source.number, name: candidate.name } : record;
}

function isDescribedBy({ number, kind }: WalkedSource, record: ImageRecord): boolean {
  return record.source === number || record.missingSince !== null || kind === 'manifest';
}
