import { messageOf } from '../../core/errors.js';
import { abortable } from '../abortable.js';
import type { ApiServer, Served } from '../api-server.js';

const patienceMs = 5000;

/** `/healthz`: the process answers. `/readyz`: so do its collections, and it is not being stopped. */
export function health(server: ApiServer, { collections }: Served): void {
  const config = { open: true } as const;
  server.get('/healthz', { config, schema: { hide: true } }, async () => ({ status: 'alive' }));
  server.get('/readyz', { config, schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    if (server.stopping.aborted) return reply.code(503).send({ status: 'stopping' });
    const signal = AbortSignal.timeout(patienceMs);
    // A thread that hangs does not see the signal.
    const answers = await Promise.allSettled(
      [...collections.values()].map((service) => abortable(service.call('summary', {}, { signal }), signal)),
    );
    const silent = [...collections.keys()].filter((_, i) => answers[i]!.status === 'rejected');
    for (const answer of answers)
      if (answer.status === 'rejected') server.log.warn({ reason: messageOf(answer.reason) }, 'not ready');
    if (silent.length > 0) return reply.code(503).send({ status: 'not ready', collections: silent });
    return { status: 'ready' };
  });
}
