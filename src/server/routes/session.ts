import { Session, SessionRequest } from '../../api/index.js';
import { packageVersion } from '../../core/package-version.js';
import type { Routes } from '../api-server.js';
import { sessionCookie } from '../plugins/require-token.js';
import { noContent } from '../responses.js';

export const sessionRoutes: Routes = (server) => {
  const { access, settings } = server;
  const config = { open: true, harmless: true } as const;
  const tags = ['session'];

  server.get(
    '/session',
    {
      config,
      schema: {
        operationId: 'getSession',
        tags,
        summary: 'What the server allows, and whether it knows who asks',
        response: { 200: Session },
      },
    },
    async (request) => {
      const { fileBytes, files, pixels } = settings.limits;
      return {
        version: packageVersion,
        tokenRequired: access.tokenRequired,
        authenticated: access.isKnown(request),
        searchByUrl: settings.searchByUrl,
        readOnly: settings.readOnly,
        limits: { fileBytes, files, pixels },
      };
    },
  );

  server.post(
    '/session',
    {
      config,
      schema: {
        operationId: 'openSession',
        tags,
        summary: 'Has a browser keep a session as a cookie',
        body: SessionRequest,
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      await access.requireRight(request.body.token, request);
      if (access.tokenRequired)
        reply.setCookie(sessionCookie, access.openSession(), {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure: request.protocol === 'https',
        });
      return reply.code(204).send(null);
    },
  );

  server.delete(
    '/session',
    {
      config,
      schema: {
        operationId: 'closeSession',
        tags,
        summary: 'Ends a session',
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      access.closeSession(request);
      reply.clearCookie(sessionCookie, { path: '/' });
      return reply.code(204).send(null);
    },
  );
};
