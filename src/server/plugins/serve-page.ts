import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiServer } from '../api-server.js';
import { HttpProblem } from '../problems.js';
import { sendProblem } from './problem-replies.js';
import { pagePolicy } from './security-headers.js';

/** Where the page is built to: beside the compiled sources, and the same seen from the sources themselves. */
const builtPage = fileURLToPath(new URL('../../../dist/web', import.meta.url));

/**
 * The page, and what is said where nothing is. Addresses of the page are states of it: whatever a browser asks for that is no file
 * is answered by the page, which then shows what the address says.
 */
export function servePage(server: ApiServer): void {
  const { page = builtPage } = server.settings;
  const isBuilt = page !== null && existsSync(join(page, 'index.html'));
  if (isBuilt)
    server.register(async (scope) => {
      scope.addHook('onRoute', (route) => {
        route.config = { ...route.config, open: true };
      });
      scope.register(fastifyStatic, {
        root: page,
        index: 'index.html',
        redirect: false,
        dotfiles: 'ignore',
        preCompressed: true,
        cacheControl: false,
        decorateReply: false,
        setHeaders: (reply, path) => {
          reply.header('content-security-policy', pagePolicy);
          reply.header('cache-control', isHashed(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
        },
      });
    });
  const methods = new RouteMethods(server);
  server.setNotFoundHandler(async (request, reply) => {
    const allowed = methods.of(request.url);
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      reply.header('allow', allowed.join(', '));
      const said = `${request.method} is not among ${allowed.join(', ')}`;
      return sendProblem(new HttpProblem('method-not-allowed', said), request, reply);
    }
    if (wantsPage(request)) return sendPage(reply, isBuilt ? page : null);
    const path = request.url.split('?', 1)[0]!.slice(0, 200);
    return sendProblem(
      new HttpProblem('not-found', `nothing is at ${path}; /docs lists what there is`),
      request,
      reply,
    );
  });
}

/** Names of files with a hash of what is in them, as the build writes: `index-B1xk93aZ.js`, compressed or not. */
function isHashed(path: string): boolean {
  return /[-.][\w-]{8,}\.\w+(\.br|\.gz)?$/.test(basename(path)) && /[\\/]assets[\\/]/.test(path);
}

function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (/^\/(api|docs|metrics|openapi\.json|healthz|readyz|assets)(\/|\?|$)/.test(url)) return false;
  return headers.accept?.includes('text/html') ?? false;
}

async function sendPage(reply: FastifyReply, page: string | null) {
  reply.header('content-security-policy', pagePolicy).header('cache-control', 'no-cache');
  reply.code(200).type('text/html; charset=utf-8');
  if (page === null) return reply.send(hint);
  const { readFile } = await import('node:fs/promises');
  return reply.send(await readFile(join(page, 'index.html')));
}

const hint = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>imagekin</title>
<h1>imagekin</h1>
<p>The API is served, but the page has not been built: <code>npm run build</code> makes it.
<p><a href="/docs">What the API can do</a>
</html>
`;

/** Which methods an address has: Fastify tells only that it does not have this one. */
class RouteMethods {
  readonly #routes: { readonly matches: RegExp; readonly method: string | readonly string[] }[] = [];

  constructor(server: ApiServer) {
    server.addHook('onRoute', ({ url, method }) => {
      if (url.includes('*')) return;
      const pattern = url.replace(/[.+?^$()[\]{}|\\]/g, '\\$&').replace(/:\w+/g, '[^/]+');
      this.#routes.push({ matches: new RegExp(`^${pattern}/?$`), method });
    });
  }

  of(url: string): string[] {
    const path = url.split('?', 1)[0]!;
    const found = this.#routes.filter(({ matches }) => matches.test(path)).flatMap(({ method }) => method);
    return [...new Set(found)].sort();
  }
}
