import { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox';

/** An object that stands in the OpenAPI document under its own name. */
export function named<T extends TObject>(title: string, description: string, schema: T): T {
  return { ...schema, title, description };
}

export function nullable<T extends TSchema>(schema: T, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
}

/** Text that is one of a few. */
export function oneOf<const Names extends readonly string[]>(names: Names, description?: string) {
  return Type.Unsafe<Names[number]>({
    type: 'string',
    enum: [...names],
    ...(description && { description }),
  });
}

export const imageId = Type.Integer({
  minimum: 1,
  maximum: 2 ** 32 - 1,
  description: 'Id of an image. Never given to another one.',
});

/** Not `format: date-time`, which few validators have. */
export const time = Type.String({ description: 'ISO 8601, in UTC.', examples: ['2026-11-27T08:00:00.000Z'] });

/** Where something derived stands: made, made of what the collection was before, or not made yet. */
export const derivedState = oneOf(
  ['missing', 'ready', 'stale'],
  '`missing`: start the job that makes it. `stale`: the collection has changed since.',
);

export const Problem = named(
  'Problem',
  'What went wrong, as RFC 9457 has it.',
  Type.Object({
    type: Type.String({
      description: 'Names the kind of problem.',
      examples: ['urn:imagekin:image-not-found'],
    }),
    title: Type.String({ description: 'The kind of problem in words; the same each time.' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What was expected, what came, what to do.' }),
    code: Type.String({ description: 'The kind of problem, for programs.', examples: ['filter-invalid'] }),
    instance: Type.Optional(Type.String({ description: 'Id of the request, as it stands in the log.' })),
    shown: Type.Optional(Type.String({ description: 'Lines that point at the place in what was sent.' })),
  }),
);
export type Problem = Static<typeof Problem>;
