import type { ApiServer } from '../api-server.js';

/**
 * When the server begins to stop, `server.stopping` is aborted, and answers that would go on for as long as somebody listens are
 * ended: the server waits for all others to be whole.
 */
export function endStreams(server: ApiServer): void {
  const controller = new AbortController();
  const open = new Set<{ destroy(): void; end(): void }>();
  server.decorate('stopping', controller.signal);
  server.addHook('onRoute', (route) => {
    if (route.config?.stream) return;
    const { answerMs, requestMs } = server.settings.limits;
    // A handler that takes files in goes on for as long as they come.
    route.handlerTimeout ??= route.config?.work === 'upload' ? requestMs + answerMs : answerMs;
  });
  server.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.config?.stream) return;
    open.add(reply.raw);
    reply.raw.once('close', () => open.delete(reply.raw));
  });
  server.addHook('preClose', async () => {
    controller.abort(new Error('the server is stopping'));
    for (const answer of open) answer.end();
  });
}
