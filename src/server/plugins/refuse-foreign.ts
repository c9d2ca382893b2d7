import type { FastifyRequest } from 'fastify';
import type { ApiServer } from '../api-server.js';
import { isApiRoute } from '../is-api-route.js';
import { bareHost, hostNameOf, isLoopback } from '../loopback.js';
import { HttpProblem } from '../problems.js';

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

export function isSafe(method: string): boolean {
  return safeMethods.includes(method);
}

/**
 * Refuses what pages of other sites have a browser ask. Without a token everything on this machine may ask, and a browser is on
 * this machine: a page may have a name of its own lead here (DNS rebinding), and is then known by that name; or send a form here,
 * and is known by its origin.
 */
export function refuseForeignPages(server: ApiServer): void {
  const { token, host } = server.settings;
  server.addHook('onRequest', async (request) => {
    if (token === undefined) requireOwnHost(request, host);
    const site = request.headers['sec-fetch-site'];
    const isData = isApiRoute(request) || request.routeOptions.url === '/metrics';
    if (site === 'cross-site' && isData) throw foreign(`a page of another site asks (${originOf(request)})`);
    if (isSafe(request.method)) return;
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      throw foreign(`Sec-Fetch-Site is ${JSON.stringify(site)}`);
    const { origin } = request.headers;
    if (origin !== undefined && !isOwnOrigin(origin, request.headers.host))
      throw foreign(`the origin is ${JSON.stringify(origin.slice(0, 200))}`);
  });
}

function requireOwnHost({ headers }: FastifyRequest, listened: string): void {
  const name = hostNameOf(headers.host ?? '');
  if (name !== undefined && (isLoopback(name) || name === bareHost(listened))) return;
  throw new HttpProblem(
    'forbidden',
    `Host: expected localhost or ${listened}, got ${JSON.stringify((headers.host ?? '').slice(0, 200))}; start the server with a token to reach it by another name`,
  );
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  // A proxy in front may speak https and leave the port of https out.
  const withoutPort = (text: string) => text.toLowerCase().replace(/:(80|443)$/, '');
  return host !== undefined && withoutPort(originHost) === withoutPort(host);
}

function originOf({ headers }: FastifyRequest): string {
  return JSON.stringify((headers.origin ?? headers.referer ?? 'unknown').slice(0, 200));
}

function foreign(got: string): HttpProblem {
  return new HttpProblem('forbidden', `only pages of this server itself may ask this; ${got}`);
}
