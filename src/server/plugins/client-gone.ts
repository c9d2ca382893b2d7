import type { ApiServer } from '../api-server.js';

/**
 * Has `request.signal` be aborted when the client goes away before its answer is whole, and only then. Fastify's own is aborted as
 * well when the body of a request has been read.
 */
export function abortWithClient(server: ApiServer): void {
  server.addHook('onRequest', async (request, reply) => {
    const controller = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished)
        controller.abort(Object.assign(new Error('the client went away'), { name: 'AbortError' }));
    });
    Object.defineProperty(request, 'signal', { value: controller.signal });
  });
}
