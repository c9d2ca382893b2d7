import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const mostSessions = 1000;
const sessionMs = 7 * 24 * 3600 * 1000;

/**
 * The token of a server, and the sessions that were opened by it. What is compared are hashes, in constant time, so that neither
 * the length nor the beginning of the token can be found out by how long an answer takes.
 *
 * A session is a number that nobody can guess, and is known only as long as this process lives: a cookie does not hold the token.
 */
export class AccessToken {
  readonly #hash: Buffer;
  /** When each ends, by the hash of its number; the oldest first. */
  readonly #sessions = new Map<string, number>();

  constructor(
    token: string,
    private readonly now: () => number = Date.now,
  ) {
    this.#hash = sha256(token);
  }

  isRight(token: string): boolean {
    return timingSafeEqual(sha256(token), this.#hash);
  }

  openSession(): string {
    const session = randomBytes(32).toString('base64url');
    if (this.#sessions.size >= mostSessions) this.#sessions.delete(this.#sessions.keys().next().value!);
    this.#sessions.set(keyOf(session), this.now() + sessionMs);
    return session;
  }

  isSession(session: string): boolean {
    const ends = this.#sessions.get(keyOf(session));
    return ends !== undefined && this.now() < ends;
  }

  closeSession(session: string): void {
    this.#sessions.delete(keyOf(session));
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function keyOf(session: string): string {
  return sha256(session).toString('base64');
}
