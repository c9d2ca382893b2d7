import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { CollectionService } from '../app/service/collection-service.js';
import type { Jobs } from '../app/service/jobs/jobs.js';

/** A server whose handlers have the types of the schemas of their routes. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What the routes answer from. */
export interface Served {
  readonly collections: ReadonlyMap<string, CollectionService>;
  readonly jobs: Jobs;
}

/** Routes of one part of the API: a file each in `routes/`. */
export type Routes = (server: ApiServer, served: Served) => void;
