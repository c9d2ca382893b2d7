import { type Static, Type } from '@sinclair/typebox';
import { derivedState, imageId, named, nullable, oneOf, time } from './common.js';
import { ImageSummary } from './images.js';

export const decision = oneOf(['keep', 'trash'], 'What was decided of a copy.');

export const DuplicatesQuery = Type.Object({
  kind: Type.Optional(oneOf(['exact', 'near', 'all'])),
  decided: Type.Optional(
    oneOf(['all', 'open', 'decided'], '`open`: groups with an image that nothing was decided of.'),
  ),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 20 })),
});
export type DuplicatesQuery = Static<typeof DuplicatesQuery>;

export const DuplicateGroup = named(
  'DuplicateGroup',
  'Images of which one is enough, the best first.',
  Type.Object({
    key: Type.String({ description: 'Stays the same as long as its images do.' }),
    kind: oneOf(['exact', 'near']),
    distance: Type.Integer({
      description: 'Bits of 64 by which pictures differ from the best one, at most.',
    }),
    images: Type.Array(
      Type.Object({
        ...ImageSummary.properties,
        path: Type.String(),
        role: oneOf(
          ['keep', 'exact', 'near'],
          'The best one, a copy of its bytes, or another that shows the same.',
        ),
        bytes: nullable(Type.Integer()),
        modifiedAt: nullable(time),
        decision: nullable(decision),
      }),
    ),
  }),
);
export type DuplicateGroup = Static<typeof DuplicateGroup>;

export const DuplicatesPage = named(
  'DuplicatesPage',
  'Groups of copies, as the last job `duplicates` found them. Images that are gone since are left out.',
  Type.Object({
    state: derivedState,
    computedAt: nullable(time),
    total: Type.Integer({ description: 'Groups that were asked for.' }),
    offset: Type.Integer(),
    groups: Type.Array(DuplicateGroup),
    copies: Type.Integer({ description: 'Images of all groups that are more than needed.' }),
    copyBytes: Type.Integer(),
    toTrash: Type.Integer({ description: 'Images that were decided to be trash and have not been moved.' }),
    toTrashBytes: Type.Integer(),
  }),
);
export type DuplicatesPage = Static<typeof DuplicatesPage>;

export const Decisions = named(
  'Decisions',
  'What is decided of some images.',
  Type.Object(
    {
      decisions: Type.Array(
        Type.Object(
          { id: imageId, decision: nullable(decision, '`null` takes it back.') },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 10_000 },
      ),
    },
    { additionalProperties: false },
  ),
);
export type Decisions = Static<typeof Decisions>;

export const TrashList = named(
  'TrashList',
  'What was moved to the trash, the newest first.',
  Type.Object({
    folder: Type.String({ description: 'Where the files are.' }),
    batches: Type.Array(
      Type.Object({
        batch: Type.String({ description: 'What `restore` is told.' }),
        movedAt: time,
        files: Type.Integer({ description: 'That are in the trash still.' }),
        bytes: Type.Integer(),
      }),
    ),
  }),
);
export type TrashList = Static<typeof TrashList>;
