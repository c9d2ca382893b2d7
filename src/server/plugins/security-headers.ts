import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiServer } from '../api-server.js';
import { isApiRoute } from '../is-api-route.js';

/** Of whatever is no page: a browser that shows it as one runs nothing of it. */
const nothingPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Of the page: all of it comes from this server, as files; pictures may also be made by the page itself. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': nothingPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
} as const;

export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(headers);
  reply.header('x-request-id', request.id);
  // What is in a collection is nobody else's, so no cache on the way keeps it unless a route says for how long.
  if (isApiRoute(request) || request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
}

/** Set before anything else, so that refusals have them as well. Routes may say otherwise for themselves. */
export function sendSecurityHeaders(server: ApiServer): void {
  server.addHook('onRequest', async (request, reply) => setSecurityHeaders(request, reply));
}
