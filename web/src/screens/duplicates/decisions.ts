import type { Decisions, DuplicateGroup } from '../../api.js';

export type Decision = Decisions['decisions'][number];
export type Copy = DuplicateGroup['images'][number];

export function isDecided(group: DuplicateGroup): boolean {
  return group.images.every((image) => image.decision !== null);
}

/** Whether what was decided would leave nothing of a picture. */
export function losesAll(group: DuplicateGroup): boolean {
  return group.images.every((image) => image.decision === 'trash');
}

/** The best one stays, all others go. Only what that changes. */
export function keepBest(group: DuplicateGroup): Decision[] {
  return changes(group, (_, index) => (index === 0 ? 'keep' : 'trash'));
}

export function keepAll(group: DuplicateGroup): Decision[] {
  return changes(group, () => 'keep');
}

/** The other decision; what was not decided yet is kept if it is the best, and trash if it is not. */
export function toggled(group: DuplicateGroup, index: number): Decision[] {
  const image = group.images[index];
  if (!image) return [];
  const undecided = index === 0 ? 'keep' : 'trash';
  const opposite = image.decision === 'trash' ? 'keep' : 'trash';
  return [{ id: image.id, decision: image.decision === null ? undecided : opposite }];
}

/** What takes all decisions of a group back. */
export function undecided(group: DuplicateGroup): Decision[] {
  return changes(group, () => null);
}

function changes(
  group: DuplicateGroup,
  decide: (image: Copy, index: number) => Copy['decision'],
): Decision[] {
  return group.images
    .map((image, index) => ({ id: image.id, before: image.decision, decision: decide(image, index) }))
    .filter(({ before, decision }) => before !== decision)
    .map(({ id, decision }) => ({ id, decision }));
}

/** The group as it is after some decisions. */
export function decidedGroup(group: DuplicateGroup, decisions: readonly Decision[]): DuplicateGroup {
  const byId = new Map(decisions.map(({ id, decision }) => [id, decision]));
  if (!group.images.some(({ id }) => byId.has(id))) return group;
  return {
    ...group,
    images: group.images.map((image) =>
      byId.has(image.id) ? { ...image, decision: byId.get(image.id)! } : image,
    ),
  };
}

/** What puts a group back to how it stood before some decisions. */
export function inverse(group: DuplicateGroup, decisions: readonly Decision[]): Decision[] {
  const touched = new Set(decisions.map(({ id }) => id));
  return group.images.filter(({ id }) => touched.has(id)).map(({ id, decision }) => ({ id, decision }));
}
