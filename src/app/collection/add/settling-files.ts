import type { FileState } from '../../../collection/catalog/image-record.js';
import { isSameState, look, type Seen } from './file-states.js';

interface Waiting {
  readonly seen: Seen;
  /** Since when it has been so, in milliseconds. */
  readonly since: number;
}

/** Files that something has happened to, until they have stayed as they are for a while: one that is still being copied grows. */
export class SettlingFiles {
  readonly #waiting = new Map<string, Waiting>();

  /** @param lookAt how a file is looked at; another way only in tests */
  constructor(
    private readonly settleMs: number,
    private readonly lookAt: (path: string) => Seen = look,
  ) {}

  get size(): number {
    return this.#waiting.size;
  }

  note(path: string, nowMs: number): void {
    this.#waiting.set(path, { seen: this.lookAt(path), since: nowMs });
  }

  /** Takes out those that have settled, gone ones among them. */
  take(nowMs: number): string[] {
    const settled: string[] = [];
    for (const [path, { seen, since }] of this.#waiting) {
      const now = this.lookAt(path);
      if (!isSame(seen, now)) this.#waiting.set(path, { seen: now, since: nowMs });
      else if (nowMs - since >= this.settleMs) {
        settled.push(path);
        this.#waiting.delete(path);
      }
    }
    return settled;
  }
}

function isSame(a: Seen, b: Seen): boolean {
  if ('reason' in a || 'reason' in b) return 'reason' in a && 'reason' in b && a.isGone === b.isGone;
  return isSameState(a as FileState, b as FileState);
}
