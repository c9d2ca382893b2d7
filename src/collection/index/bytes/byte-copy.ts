import type { ByteRows } from './byte-rows.js';

/** Fewer rows than this cost less by float32. */
export const fewestByteRows = 2 ** 16;
/** Encoding rows costs what bytes save in about as many queries. */
const worthEncoding = 1024;
/** Queries that are answered by float32 after bytes were of no use for some, before they are tried again. */
const shortestPause = 2 ** 11;
const longestPause = 2 ** 16;

/**
 * The bytes of some rows, which are made when enough has been asked for that they are worth it. Where vectors lie so close together
 * that bytes leave too many in question, they are tried less and less often.
 */
export class ByteCopy {
  private asked = 0;
  private made: Promise<ByteRows> | undefined;
  private pause = 0;
  private nextPause = shortestPause;

  /** That of rows that have changed since: what was learned of them holds, the bytes do not. */
  renewed(): ByteCopy {
    const copy = new ByteCopy();
    copy.pause = this.pause;
    copy.nextPause = this.nextPause;
    return copy;
  }

  /** Whether enough has been asked for, these queries included. */
  isWorthIt(queries: number): boolean {
    this.asked += queries;
    return this.asked >= worthEncoding;
  }

  /**
   * The bytes; undefined where there is no memory for them.
   * @param encode makes them, the first time. Several searches may wait for it
   */
  async rows(encode: () => Promise<ByteRows>): Promise<ByteRows | undefined> {
    this.made ??= encode();
    try {
      return await this.made;
    } catch {
      this.made = undefined;
      this.pause = longestPause;
      return undefined;
    }
  }

  /** Whether these queries are to be searched without bytes. */
  pauses(queries: number): boolean {
    if (this.pause <= 0) return false;
    this.pause -= queries;
    return true;
  }

  /** Tells how it went. @param open queries that bytes did not settle */
  found(queries: number, open: number): void {
    if (open * 4 <= queries) {
      this.nextPause = shortestPause;
      return;
    }
    this.pause = this.nextPause;
    this.nextPause = Math.min(longestPause, 2 * this.nextPause);
  }
}
