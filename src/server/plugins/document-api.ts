import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { ApiServer } from '../api-server.js';
import { hoistNamedSchemas } from '../hoist-named-schemas.js';
import { sessionCookie } from './require-token.js';

/** Of what is said over HTTP, and not of the package: it changes where programs that ask have to. */
const apiVersion = '1';

const about = `Searches, shows and keeps the collections that this server was started with.

Errors are problem details (RFC 9457) with a \`code\` for programs. 429 and 503 say when to ask again (\`Retry-After\`).

A server that was started with a token wants it with every request, as \`Authorization: Bearer <token>\` or as the cookie that
\`POST /api/v1/session\` sets.`;

/** All that can be asked, as OpenAPI 3.1 at `/openapi.json`, and to be read at `/docs`. To be called before the routes are added. */
export function documentApi(server: ApiServer): void {
  server.register(swagger, {
    hideUntagged: true,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'imagekin',
        version: apiVersion,
        description: about,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'session', description: 'What the server allows, and who asks' },
        { name: 'collections', description: 'What is served' },
        { name: 'images', description: 'Images of a collection, their pictures, labels and metadata' },
        { name: 'search', description: 'Images by likeness' },
        { name: 'duplicates', description: 'Copies, and what to do with them' },
        { name: 'map', description: 'Clusters, outliers, and places in the plane' },
        { name: 'evaluation', description: 'The model, and how good it is on the collection' },
        { name: 'jobs', description: 'Long work' },
      ],
      security: [{ bearer: [] }, { session: [] }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
        },
      },
    },
    transformObject: (document) =>
      'openapiObject' in document ? hoistNamedSchemas(document.openapiObject) : document.swaggerObject,
  });
  server.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, open: true };
    });
    scope.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
      reply.header('cache-control', 'no-cache');
      return server.swagger();
    });
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      // All of it is in this package. It styles itself by attributes of elements, and draws its icons as data.
      staticCSP: [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
      uiConfig: { docExpansion: 'list', deepLinking: true, tryItOutEnabled: false },
    });
  });
}
