import { type Static, Type } from '@sinclair/typebox';
import { named, nullable, oneOf, Problem, time } from './common.js';

export const jobKinds = [
  'upload',
  'add',
  'reindex',
  'evaluate',
  'map',
  'duplicates',
  'trash',
  'restore',
] as const;
export type JobKind = (typeof jobKinds)[number];

export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export type JobState = (typeof jobStates)[number];

export const Job = named(
  'Job',
  'Long work on a collection.',
  Type.Object({
    id: Type.String(),
    collection: Type.String(),
    kind: oneOf(
      jobKinds,
      '`upload`: takes in what was sent. `add`: looks through the sources again. `trash`: moves what was decided to be trash away. `restore`: puts it back.',
    ),
    state: oneOf(jobStates, '`interrupted`: the server ended before it.'),
    createdAt: time,
    startedAt: nullable(time),
    endedAt: nullable(time),
    progress: nullable(
      Type.Object({
        task: Type.String(),
        done: Type.Integer(),
        total: nullable(Type.Integer()),
        unit: Type.String(),
        rate: nullable(Type.Number(), 'Units a second, lately.'),
        secondsLeft: nullable(Type.Number()),
      }),
    ),
    failures: Type.Integer({ description: 'Files that could not be used; see `…/failures`.' }),
    result: nullable(Type.Record(Type.String(), Type.Unknown()), 'Figures of what was done.'),
    problem: nullable(Problem, 'Why it failed.'),
    retryOf: nullable(Type.String(), 'The job that it was made of again.'),
  }),
);
export type Job = Static<typeof Job>;

export const JobList = named('JobList', 'Jobs, the newest first.', Type.Object({ jobs: Type.Array(Job) }));
export type JobList = Static<typeof JobList>;

export const JobFailures = named(
  'JobFailures',
  'Files that a job could not use.',
  Type.Object({
    total: Type.Integer(),
    failures: Type.Array(Type.Object({ path: Type.String(), reason: Type.String() })),
  }),
);
export type JobFailures = Static<typeof JobFailures>;

const request = <
  Kind extends JobKind,
  Properties extends Record<string, import('@sinclair/typebox').TSchema>,
>(
  kind: Kind,
  properties: Properties,
) => Type.Object({ kind: Type.Literal(kind), ...properties }, { additionalProperties: false });

export const JobRequest = Type.Union(
  [
    request('add', { retryFailed: Type.Optional(Type.Boolean()), prune: Type.Optional(Type.Boolean()) }),
    request('reindex', {
      index: Type.Optional(oneOf(['auto', 'exact', 'hnsw'])),
      quantization: Type.Optional(Type.String({ maxLength: 20 })),
    }),
    request('evaluate', {}),
    request('map', { clusters: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }),
    request('duplicates', { nearDistance: Type.Optional(Type.Integer({ minimum: 0, maximum: 32 })) }),
    request('trash', {}),
    request('restore', { batch: Type.String({ maxLength: 200, description: 'As `…/trash` lists it.' }) }),
  ],
  { title: 'JobRequest', description: 'What is to be done.' },
);
export type JobRequest = Static<typeof JobRequest>;
