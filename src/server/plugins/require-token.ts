import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { AccessToken } from '../access-token.js';
import type { ApiServer } from '../api-server.js';
import { HttpProblem } from '../problems.js';
import { WrongTokens } from '../wrong-tokens.js';

export const sessionCookie = 'imagekin_session';

/** Who may ask: everybody where there is no token. */
export interface Access {
  readonly tokenRequired: boolean;
  /** Whether a request has a session or the token. A wrong token counts as an attempt. */
  isKnown(request: FastifyRequest): boolean;
  hasSession(request: FastifyRequest): boolean;
  /** @throws HttpProblem where the token is wrong, after a while; or too many were */
  requireRight(token: string, request: FastifyRequest): Promise<void>;
  openSession(): string;
  closeSession(request: FastifyRequest): void;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly access: Access;
  }
}

/** Refuses whatever has neither the token nor a session, but for routes that say that they are open. */
export function requireToken(server: ApiServer): void {
  const { token, limits } = server.settings;
  const access = token === undefined ? everybody : new ByToken(server, token);
  server.decorate('access', access);
  if (token === undefined) return;
  server.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.open || (request.is404 && !request.url.startsWith('/api/'))) return;
    if (access.hasSession(request)) return;
    const given = bearerOf(request);
    if (given !== undefined) return access.requireRight(given, request);
    throw new HttpProblem(
      'token-wrong',
      'this server was started with a token; send it as "Authorization: Bearer <token>", or open a session',
    );
  });
  server.log.debug({ wrongTokens: limits.wrongTokens }, 'a token is required');
}

const everybody: Access = {
  tokenRequired: false,
  isKnown: () => true,
  hasSession: () => true,
  requireRight: async () => {},
  openSession: () => '',
  closeSession: () => {},
};

/** Waiting answers are connections that somebody holds open: beyond this many, wrong tokens are refused at once. */
const mostWaiting = 64;

class ByToken implements Access {
  readonly tokenRequired = true;
  readonly #token: AccessToken;
  readonly #wrong: WrongTokens;
  #waiting = 0;

  constructor(
    private readonly server: ApiServer,
    token: string,
  ) {
    this.#token = new AccessToken(token);
    this.#wrong = new WrongTokens(server.settings.limits.wrongTokens.most);
  }

  isKnown(request: FastifyRequest): boolean {
    if (this.hasSession(request)) return true;
    const given = bearerOf(request);
    if (given === undefined || this.#wrong.secondsToWait(request.ip) > 0) return false;
    if (this.#token.isRight(given)) return true;
    this.#wrong.note(request.ip);
    return false;
  }

  hasSession(request: FastifyRequest): boolean {
    const session = this.#sessionOf(request);
    return session !== undefined && this.#token.isSession(session);
  }

  async requireRight(token: string, request: FastifyRequest): Promise<void> {
    const seconds = this.#wrong.secondsToWait(request.ip);
    if (seconds > 0)
      throw new HttpProblem('too-many-requests', `too many wrong tokens; wait ${seconds} seconds`, seconds);
    if (this.#token.isRight(token)) return;
    this.#wrong.note(request.ip);
    request.log.warn({ address: request.ip }, 'a wrong token');
    if (this.#waiting < mostWaiting) {
      this.#waiting++;
      await sleep(this.server.settings.limits.wrongTokens.delayMs);
      this.#waiting--;
    }
    throw new HttpProblem('token-wrong', 'the token is not the one that this server was started with');
  }

  openSession(): string {
    return this.#token.openSession();
  }

  closeSession(request: FastifyRequest): void {
    const session = this.#sessionOf(request);
    if (session !== undefined) this.#token.closeSession(session);
  }

  #sessionOf({ headers }: FastifyRequest): string | undefined {
    return headers.cookie === undefined ? undefined : this.server.parseCookie(headers.cookie)[sessionCookie];
  }
}

function bearerOf({ headers: { authorization = '' } }: FastifyRequest): string | undefined {
  return /^bearer /i.test(authorization) ? authorization.slice('bearer '.length).trim() : undefined;
}
