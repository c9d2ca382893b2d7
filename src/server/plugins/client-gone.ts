import type { ApiServer } from '../api-server.js';

/**
 * Has `request.signal` be aborted when the client goes away before its answer is whole, or is told that it took too long, and only
 * then. Fastify's own is aborted as well when the body of a request has been read.
 */
export function abortWithClient(server: ApiServer): void {
  server.addHook('onRequest', async (request, reply) => {
    const controller = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished)
        controller.abort(Object.assign(new Error('the client went away'), { name: 'AbortError' }));
    });
    // Of those that have a time to answer in, and told Fastify so.
    const fastifys = request.signal;
    const tooLate = () => {
      if (isTimeout(fastifys.reason)) controller.abort(fastifys.reason);
    };
    fastifys.addEventListener('abort', tooLate, { once: true });
    Object.defineProperty(request, 'signal', { value: controller.signal });
  });
}

function isTimeout(reason: unknown): boolean {
  return (reason as { readonly code?: unknown } | undefined)?.code === 'FST_ERR_HANDLER_TIMEOUT';
}
