import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { CollectionService } from '../app/service/collection-service.js';
import type { Jobs } from '../app/service/jobs/jobs.js';
import type { ServerSettings, WorkKind } from './settings.js';

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

declare module 'fastify' {
  interface FastifyInstance {
    readonly settings: ServerSettings;
    /** Aborted when the server begins to stop: what goes on for as long as somebody listens has to end then. */
    readonly stopping: AbortSignal;
  }

  /** What a route says of itself beside its schema. */
  interface FastifyContextConfig {
    /** Answered without the token. */
    readonly open?: boolean;
    /** Changes nothing, whatever its method, so that a server that is read only answers it as well. */
    readonly harmless?: boolean;
    /** What it competes for with others. Default `read`. */
    readonly work?: WorkKind;
    /** Goes on for as long as the client listens, or until the server begins to stop. */
    readonly stream?: boolean;
  }
}
