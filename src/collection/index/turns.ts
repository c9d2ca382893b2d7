import { setImmediate as nextTurn } from 'node:timers/promises';

/** Numbers that are multiplied before others have their turn: some milliseconds. */
const multipliedInATurn = 2 ** 22;

/** Gives others their turn, and a signal its hearing, between pieces of work that keep the thread. */
export class Turns {
  private multiplied = 0;

  constructor(private readonly signal?: AbortSignal) {}

  /** To be awaited where a piece ends. @param multiplied numbers that it multiplied */
  async after(multiplied: number): Promise<void> {
    this.multiplied += multiplied;
    if (this.multiplied < multipliedInATurn) return;
    this.multiplied = 0;
    await nextTurn();
    this.signal?.throwIfAborted();
  }
}
