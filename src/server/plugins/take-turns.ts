import type { FastifyRequest } from 'fastify';
import type { ApiServer } from '../api-server.js';
import { Gate } from '../gate.js';
import { isApiRoute } from '../is-api-route.js';
import { HttpProblem } from '../problems.js';
import type { ServerLimits, WorkKind } from '../settings.js';

/**
 * Bounds what is worked on at once, by what requests compete for, and what is sent with each. Before the handler and after a body of
 * JSON, and until the answer is handed over: a slow client holds no place while it sends the one or takes the other. Files are not
 * read before their request's turn.
 */
export function takeTurns(server: ApiServer): void {
  const { limits } = server.settings;
  const gates: Record<WorkKind, Gate> = {
    search: new Gate(limits.work.search),
    upload: new Gate(limits.work.upload),
    read: new Gate(limits.work.read),
  };
  const places = new WeakMap<FastifyRequest, () => void>();
  server.addHook('preHandler', async (request, reply) => {
    const { work = 'read', stream } = request.routeOptions.config;
    if (stream || !isApiRoute(request)) return;
    if (request.isMultipart()) requireLength(request, work, limits);
    const leave = await gates[work].enter(request.signal);
    places.set(request, leave);
    // However it ends: answered, or cut off.
    if (reply.raw.destroyed) leave();
    else reply.raw.once('close', leave);
  });
  server.addHook('onSend', async (request) => {
    places.get(request)?.();
  });
}

function requireLength({ headers }: FastifyRequest, work: WorkKind, limits: ServerLimits): void {
  const length = headers['content-length'];
  if (length === undefined)
    throw new HttpProblem('length-required', 'an upload needs the header Content-Length; send it with one');
  const most = work === 'search' ? limits.searchBytes : limits.uploadBytes;
  if (Number(length) > most)
    throw new HttpProblem('too-large', `the files have more than ${most} bytes; send fewer at once`);
}
