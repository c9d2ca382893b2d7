import type { ApiServer } from '../api-server.js';

/** One line for each request when it has been answered, or cut off. Without its query, which may say what is searched for. */
export function logRequests(server: ApiServer): void {
  server.addHook('onResponse', async (request, reply) => {
    const { method, url, log, routeOptions } = request;
    const level = reply.statusCode >= 500 ? 'warn' : isQuiet(routeOptions.url) ? 'debug' : 'info';
    log[level](
      {
        method,
        path: url.split('?', 1)[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'answered',
    );
  });
}

/** What comes by the hundred with every view, or every few seconds from who watches. */
function isQuiet(route: string | undefined): boolean {
  return (
    route !== undefined &&
    (route.endsWith('/thumbnail') || ['/healthz', '/readyz', '/metrics'].includes(route) || route === '/*')
  );
}
