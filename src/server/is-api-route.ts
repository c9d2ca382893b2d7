import type { FastifyRequest } from 'fastify';

/**
 * Whether a request is for a route of the API, by the route that it came to: an address can be written in many ways, as `/%61pi/`
 * for `/api/`.
 */
export function isApiRoute({ routeOptions: { url } }: FastifyRequest): boolean {
  return url?.startsWith('/api/') ?? false;
}
