import { Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { Job, JobFailures, JobList, JobRequest } from '../../api/index.js';
import { hasEnded } from '../../app/service/jobs/jobs.js';
import { accepted, acceptedJob } from '../accepted-job.js';
import type { Routes } from '../api-server.js';
import { CollectionParams, collectionOf } from '../collection-of.js';
import { eventId, JobEvents, type JobEventsOptions } from '../job-events.js';
import { HttpProblem } from '../problems.js';
import { noContent } from '../responses.js';

const tags = ['jobs'];
const JobParams = Type.Object({ id: Type.String({ maxLength: 100 }) });
const CollectionQuery = Type.Object({ collection: Type.Optional(Type.String({ maxLength: 200 })) });
const FailuresQuery = Type.Object({
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});

const eventStream = {
  description:
    'Server-sent events `job`, whose data are a `Job` as JSON: at first how each is, then each change, at most five a second.',
  content: { 'text/event-stream': { schema: Type.Unsafe<string>({ type: 'string' }) } },
};

export const jobRoutes: Routes = (server, served) => {
  const { jobs } = served;

  server.post(
    '/collections/:collection/jobs',
    {
      schema: {
        operationId: 'startJob',
        tags,
        summary: 'Starts long work on a collection',
        params: CollectionParams,
        body: JobRequest,
        response: { 202: accepted },
      },
    },
    async ({ params, body }, reply) => {
      collectionOf(served, params.collection);
      return acceptedJob(server, reply, await jobs.start(params.collection, body));
    },
  );

  server.get(
    '/jobs',
    {
      schema: {
        operationId: 'listJobs',
        tags,
        summary: 'The last jobs, the newest first',
        querystring: CollectionQuery,
        response: { 200: JobList },
      },
    },
    async ({ query }) => ({ jobs: [...jobs.list(query.collection)] }),
  );

  server.get(
    '/jobs/:id',
    {
      schema: {
        operationId: 'getJob',
        tags,
        summary: 'How a job is',
        params: JobParams,
        response: { 200: Job },
      },
    },
    async ({ params }) => jobs.get(params.id) ?? noJob(params.id),
  );

  server.get(
    '/jobs/:id/failures',
    {
      schema: {
        operationId: 'listJobFailures',
        tags,
        summary: 'Files that a job could not use',
        params: JobParams,
        querystring: FailuresQuery,
        response: { 200: JobFailures },
      },
    },
    async ({ params, query: { offset = 0, limit = 100 } }) =>
      (await jobs.failures(params.id, { offset, limit })) ?? noJob(params.id),
  );

  server.post(
    '/jobs/:id/cancel',
    {
      schema: {
        operationId: 'cancelJob',
        tags,
        summary: 'Asks a job to stop; what it has done stays',
        params: JobParams,
        response: { 200: Job },
      },
    },
    async ({ params }) => {
      if (jobs.get(params.id) === undefined) noJob(params.id);
      return jobs.cancel(params.id);
    },
  );

  server.post(
    '/jobs/:id/retry',
    {
      schema: {
        operationId: 'retryJob',
        tags,
        summary: 'Does a job again that has ended',
        description: 'Of `add` and `upload`, the files that could not be used are tried again.',
        params: JobParams,
        response: { 202: accepted },
      },
    },
    async ({ params }, reply) => {
      if (jobs.get(params.id) === undefined) noJob(params.id);
      return acceptedJob(server, reply, await jobs.retry(params.id));
    },
  );

  server.get(
    '/jobs/events',
    {
      config: { stream: true },
      schema: {
        operationId: 'watchJobs',
        tags,
        summary: 'Changes of all jobs, as they happen',
        querystring: CollectionQuery,
        response: { 200: eventStream },
      },
    },
    async ({ query: { collection } }, reply) =>
      sendEvents(reply, {
        wants: (job) => collection === undefined || job.collection === collection,
      }),
  );

  server.get(
    '/jobs/:id/events',
    {
      config: { stream: true },
      schema: {
        operationId: 'watchJob',
        tags,
        summary: 'Changes of a job, until it has ended',
        params: JobParams,
        response: { 200: eventStream, 204: noContent },
      },
    },
    async ({ params, headers }, reply) => {
      const job = jobs.get(params.id) ?? noJob(params.id);
      // Browsers come back when an answer has ended, and stop only at this.
      if (hasEnded(job) && headers['last-event-id'] === eventId(job)) return reply.code(204).send(null);
      return sendEvents(reply, { wants: ({ id }) => id === job.id, isLast: hasEnded });
    },
  );

  function sendEvents(reply: FastifyReply, options: JobEventsOptions) {
    const events = new JobEvents(jobs, { ...options, signal: server.stopping });
    reply.raw.once('close', () => events.destroy());
    return reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store, no-transform')
      .header('x-accel-buffering', 'no')
      .send(events);
  }
};

function noJob(id: string): never {
  throw new HttpProblem(
    'not-found',
    `expected the id of a job, got ${JSON.stringify(id)}; GET /api/v1/jobs lists those that are remembered`,
  );
}
