import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { jobStates } from '../../api/index.js';
import type { ApiServer, Served } from '../api-server.js';

/** Figures for Prometheus: of requests by the template of their route, of the process, of collections and jobs. */
export function metrics(server: ApiServer, { collections, jobs }: Served): void {
  const registry = new Registry();
  const registers = [registry];
  // Memory, CPU, garbage collection, delay of the event loop.
  collectDefaultMetrics({ register: registry });
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    name: 'imagekin_http_requests_total',
    help: 'Requests that were answered.',
    labelNames,
    registers,
  });
  const seconds = new Histogram({
    name: 'imagekin_http_request_duration_seconds',
    help: 'From the head of a request to the end of its answer.',
    labelNames: ['method', 'route'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const inFlight = new Gauge({
    name: 'imagekin_http_requests_in_flight',
    help: 'Requests that are not answered yet.',
    registers,
  });
  const searches = new Counter({
    name: 'imagekin_searches_total',
    help: 'Searches that were answered, by what came of them.',
    labelNames: ['collection', 'outcome'] as const,
    registers,
  });
  new Gauge({
    name: 'imagekin_collection_images',
    help: 'Images of a collection, without the missing ones.',
    labelNames: ['collection'] as const,
    registers,
    async collect() {
      this.reset();
      const counts = [...collections].map(async ([collection, service]) => {
        const { images } = await service.call('summary', {}, { signal: AbortSignal.timeout(2000) });
        this.set({ collection }, images);
      });
      // Of a collection that does not answer there is no figure.
      await Promise.allSettled(counts);
    },
  });
  new Gauge({
    name: 'imagekin_jobs',
    help: 'Jobs that are remembered, by their state.',
    labelNames: ['state'] as const,
    registers,
    collect() {
      const all = jobs.list();
      for (const state of jobStates) this.set({ state }, all.filter((job) => job.state === state).length);
    },
  });

  server.addHook('onRequest', async (_request, reply) => {
    inFlight.inc();
    reply.raw.once('close', () => inFlight.dec());
  });
  server.addHook('onResponse', async (request, reply) => {
    const { method, is404, routeOptions } = request;
    const route = is404 ? 'none' : (routeOptions.url ?? 'none');
    requests.inc({ method, route, status: String(reply.statusCode) });
    if (!routeOptions.config?.stream) seconds.observe({ method, route }, reply.elapsedTime / 1000);
    const { collection } = (request.params ?? {}) as { collection?: string };
    if (routeOptions.config?.work === 'search' && collection !== undefined && collections.has(collection))
      searches.inc({ collection, outcome: reply.statusCode < 400 ? 'found' : 'failed' });
  });
  server.addHook('onClose', async () => registry.clear());

  server.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store').type(registry.contentType);
    return registry.metrics();
  });
}
