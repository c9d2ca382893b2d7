import { HttpProblem } from './problems.js';

/** Lets so many in at once; so many more wait in turn; whoever comes then is told to come again. */
export class Gate {
  #inside = 0;
  readonly #waiting = new Set<() => void>();

  constructor(private readonly size: { readonly atOnce: number; readonly waiting: number }) {}

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * @returns how to leave; called twice, it counts once
   * @throws HttpProblem `too-many-requests`; the reason of the signal, where it is aborted while waiting
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#inside >= this.size.atOnce) await this.#wait(signal);
    else this.#inside++;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#leave();
    };
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= this.size.waiting)
      throw new HttpProblem(
        'too-many-requests',
        `${this.size.atOnce} requests of this kind are being worked on, and ${this.size.waiting} wait; ask again later`,
        1,
      );
    return new Promise((resolve, reject) => {
      const next = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.delete(next);
        reject(signal?.reason);
      };
      this.#waiting.add(next);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** The place goes to who has waited longest, without having been free in between. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#inside--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
