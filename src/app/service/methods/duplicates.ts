import type { DuplicateGroup, DuplicatesPage, DuplicatesQuery } from '../../../api/index.js';
import type { Decision } from '../../../collection/catalog/decision-table.js';
import { type ImageRecord, modifiedAt, shownPath } from '../../../collection/catalog/image-record.js';
import type { ServiceContext, ServiceMethod } from '../context.js';
import { groupKey, type PresentGroup, PresentGroups } from '../duplicates/present-groups.js';
import { summaryOf } from '../image-summary.js';
import { kept } from '../kept.js';

export const duplicates: ServiceMethod<DuplicatesQuery, DuplicatesPage> = async (context, query) => {
  const { kind = 'all', decided = 'all', offset = 0, limit = 20 } = query;
  const found = await kept(context, presentGroups).read();
  const { catalog } = context.collection;
  const { images: toTrash, bytes: toTrashBytes } = catalog.decisions.trashSize();
  const decisions = catalog.decisions.all();
  const groups = found?.groups ?? [];
  const wanted = groups.filter(
    (group) =>
      (kind === 'all' || group.kind === kind) &&
      (decided === 'all' || isDecided(group, decisions) === (decided === 'decided')),
  );
  const page = wanted.slice(offset, offset + limit);
  const records = new Map(
    catalog.images.byId(page.flatMap(({ images }) => images.map(({ id }) => id))).map((one) => [one.id, one]),
  );
  return {
    state: found === undefined ? 'missing' : found.isStale ? 'stale' : 'ready',
    computedAt: found?.computedAt ?? null,
    total: wanted.length,
    offset,
    groups: page.map((group) => shown(group, records, decisions)),
    copies: groups.reduce((sum, { images }) => sum + images.length - 1, 0),
    copyBytes: groups.reduce((sum, { images }) => sum + bytesBehindFirst(images), 0),
    toTrash,
    toTrashBytes,
  };
};

function presentGroups({ collection }: ServiceContext): PresentGroups {
  return new PresentGroups(collection);
}

function isDecided({ images }: PresentGroup, decisions: ReadonlyMap<number, Decision>): boolean {
  return images.every(({ id }) => decisions.has(id));
}

function bytesBehindFirst(images: PresentGroup['images']): number {
  return images.slice(1).reduce((sum, { bytes }) => sum + bytes, 0);
}

function shown(
  group: PresentGroup,
  records: ReadonlyMap<number, ImageRecord>,
  decisions: ReadonlyMap<number, Decision>,
): DuplicateGroup {
  const { kind, distance, images } = group;
  const best = images[0]!;
  return {
    key: groupKey(group),
    kind,
    distance,
    images: images.flatMap(({ id, sha256 }) => {
      // Another process may have removed it a moment ago.
      const record = records.get(id);
      if (record === undefined) return [];
      const isCopy = sha256 !== null && sha256 === best.sha256;
      return {
        ...summaryOf(record),
        path: shownPath(record),
        role: id === best.id ? ('keep' as const) : isCopy ? ('exact' as const) : ('near' as const),
        bytes: record.size,
        modifiedAt: modifiedAt(record),
        decision: decisions.get(id) ?? null,
      };
    }),
  };
}
