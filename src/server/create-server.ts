import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import type { ApiServer, Served } from './api-server.js';
import { boundAnswers } from './plugins/bound-answers.js';
import { abortWithClient } from './plugins/client-gone.js';
import { documentApi } from './plugins/document-api.js';
import { health } from './plugins/health.js';
import { logRequests } from './plugins/log-requests.js';
import { metrics } from './plugins/metrics.js';
import { answerClientError, replyWithProblems, sendProblem } from './plugins/problem-replies.js';
import { refuseChanges } from './plugins/read-only.js';
import { refuseForeignPages } from './plugins/refuse-foreign.js';
import { requireToken } from './plugins/require-token.js';
import { sendSecurityHeaders, setSecurityHeaders } from './plugins/security-headers.js';
import { servePage } from './plugins/serve-page.js';
import { takeTurns } from './plugins/take-turns.js';
import { validateBySchemas } from './plugins/validation.js';
import { documentProblems } from './responses.js';
import { routes } from './routes/index.js';
import { type ServerOptions, settingsOf } from './settings.js';

export const apiPrefix = '/api/v1';

export interface CreateServerOptions extends ServerOptions {
  /** Default: nothing is logged. */
  readonly logger?: FastifyBaseLogger;
}

/**
 * The server, not yet listening. Whoever asks comes through the hooks in this order: headers that every answer has, pages of others,
 * the token, read only, validation, turns.
 */
export function createServer(served: Served, options: CreateServerOptions = {}): ApiServer {
  const settings = settingsOf(options);
  const { limits } = settings;
  const server: ApiServer = Fastify({
    ...(options.logger && { loggerInstance: options.logger }),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    genReqId: () => randomUUID(),
    bodyLimit: limits.jsonBytes,
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.idleMs,
    keepAliveTimeout: 5_000,
    http: {
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: Math.min(limits.headersMs, 5_000),
    },
    // A proxy on this machine may say who asks; without a token there is none.
    trustProxy: settings.token === undefined ? false : 'loopback',
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      setSecurityHeaders(request, reply);
      sendProblem(error, request, reply);
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  server.server.maxConnections = limits.connections;
  server.decorate('settings', settings);

  abortWithClient(server);
  validateBySchemas(server);
  replyWithProblems(server);
  boundAnswers(server);
  logRequests(server);
  metrics(server, served);
  sendSecurityHeaders(server);
  refuseForeignPages(server);
  requireToken(server);
  refuseChanges(server);
  server.register(cookie);
  server.register(multipart, {
    limits: {
      fileSize: limits.fileBytes,
      files: limits.files,
      fields: 100,
      fieldSize: limits.jsonBytes,
      fieldNameSize: 200,
      parts: limits.files + 100,
      headerPairs: 50,
    },
  });
  takeTurns(server);
  servePage(server);
  documentApi(server);
  health(server, served);
  server.register(
    async (api) => {
      documentProblems(api as ApiServer);
      for (const add of routes) add(api as ApiServer, served);
    },
    { prefix: apiPrefix },
  );
  return server;
}
