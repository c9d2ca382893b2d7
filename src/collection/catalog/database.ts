import Libsql from 'libsql';
import { ImagekinError, messageOf } from '../../core/errors.js';

/** What SQLite takes for a `?`. */
export type SqlValue = string | number | null | Uint8Array;

/** A part of a statement, with what stands for its `?`. */
export interface SqlCondition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** How long a writer waits for another one. */
const busyTimeoutMs = 20_000;

/** As `JSON.stringify` writes half a surrogate pair; whole ones it writes as they are. What a backslash stands before is text. */
const halfPair = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/**
 * A value as JSON, to be taken apart by SQLite. Half a surrogate pair, as of a text that was cut off within an emoji, would come
 * out as what is no UTF-8, and reading that ends the process: it becomes U+FFFD.
 */
export function jsonParameter(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('\\ud') ? text.replace(halfPair, '$1\\ufffd') : text;
}

/**
 * A SQLite file that several processes read and write at once (write-ahead log): readers never wait, writers wait for each
 * other. What a transaction has written is on the disk when it returns.
 */
export class CatalogDatabase {
  readonly #statements = new Map<string, Libsql.Statement<unknown[]>>();
  #depth = 0;

  private constructor(
    readonly path: string,
    private readonly db: Libsql.Database,
  ) {}

  /** Opens the file, which is made where there is none. @throws `collection-damaged` */
  static open(path: string): CatalogDatabase {
    try {
      const db = new Libsql(path);
      // First of all: even turning the log on waits for others.
      db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
      turnLogOn(db);
      db.exec('PRAGMA synchronous = FULL');
      db.exec('PRAGMA foreign_keys = ON');
      return new CatalogDatabase(path, db);
    } catch (cause) {
      throw asOurs(path, cause);
    }
  }

  /** Opens a file to read it, and makes nothing. @throws `collection-damaged` */
  static openToRead(path: string): CatalogDatabase {
    try {
      const db = new Libsql(path);
      db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
      db.exec('PRAGMA query_only = ON');
      return new CatalogDatabase(path, db);
    } catch (cause) {
      throw asOurs(path, cause);
    }
  }

  // Parameters go as one list: a blob or a null that is alone would be taken for an object of names, which ends the process.

  /** All rows, each the values of its columns. */
  rows<Row extends readonly unknown[]>(sql: string, ...params: readonly SqlValue[]): Row[] {
    return this.#told(() => this.#statement(sql).all(params) as Row[]);
  }

  /** The first row. */
  row<Row extends readonly unknown[]>(sql: string, ...params: readonly SqlValue[]): Row | undefined {
    return this.rows<Row>(sql, ...params)[0];
  }

  /** Rows one by one, so that there may be very many. Nothing else may be written by this connection meanwhile. */
  *each<Row extends readonly unknown[]>(sql: string, ...params: readonly SqlValue[]): Generator<Row> {
    // Of its own: one that is walked through cannot be begun again.
    const statement = this.#told(() => this.db.prepare(sql).raw());
    yield* statement.iterate(params) as IterableIterator<Row>;
  }

  /**
   * Many rows as one text of JSON, which is far quicker than row by row.
   * @param expression what there is of a row, such as `json_array(id, path)`
   */
  json<Row>(expression: string, from: string, ...params: readonly SqlValue[]): Row[] {
    const found = this.row<[string]>(`SELECT json_group_array(${expression}) FROM ${from}`, ...params);
    return JSON.parse(found![0]) as Row[];
  }

  /** @returns how many rows were written */
  run(sql: string, ...params: readonly SqlValue[]): number {
    return this.#told(() => this.#statement(sql).run(params).changes);
  }

  exec(sql: string): void {
    this.#told(() => this.db.exec(sql));
  }

  /** All or nothing of it is written, and nobody else writes meanwhile. */
  transaction<Result>(work: () => Result): Result {
    return this.#within('BEGIN IMMEDIATE', work);
  }

  /** All that is read is of one moment. */
  snapshot<Result>(work: () => Result): Result {
    return this.#within('BEGIN', work);
  }

  close(): void {
    this.#statements.clear();
    // The file is closed when statements have been collected as garbage, and a snapshot would keep the log from being emptied
    // until then. Where there is none, SQLite says so.
    try {
      this.db.exec('ROLLBACK');
    } catch {}
    this.db.close();
  }

  #within<Result>(begin: string, work: () => Result): Result {
    if (this.#depth > 0) return work();
    this.exec(begin);
    this.#depth++;
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // Where SQLite has gone back by itself, there is nothing to take back.
      try {
        this.db.exec('ROLLBACK');
      } catch {}
      throw error;
    } finally {
      this.#depth--;
    }
  }

  #statement(sql: string): Libsql.Statement<unknown[]> {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    // Of a statement that gives no rows it cannot be said.
    const made = statement.reader ? statement.raw() : statement;
    this.#statements.set(sql, made);
    return made;
  }

  #told<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      throw asOurs(this.path, cause);
    }
  }
}

/** Where two processes do so at once, SQLite lets neither wait, as that might be for ever; so it is tried again. */
function turnLogOn(db: Libsql.Database): void {
  const until = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 + 10 * Math.random());
    }
  }
}

function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(String((error as { code?: unknown }).code));
}

/** What SQLite says, as far as a user can do something about it. */
function asOurs(path: string, cause: unknown): unknown {
  const code = (cause as { code?: unknown }).code;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return cause;
  const got = messageOf(cause);
  if (isBusy(cause))
    return new ImagekinError('collection-busy', {
      where: path,
      expected: `to be let in within ${busyTimeoutMs / 1000} s`,
      got,
      fix: 'wait for the other process, and try again',
      cause,
    });
  if (/^SQLITE_(NOTADB|CORRUPT|FORMAT)/.test(code))
    return new ImagekinError('collection-damaged', {
      where: path,
      expected: 'a SQLite database',
      got,
      fix: 'put a copy of it back, or make the collection anew by imagekin add',
      cause,
    });
  if (/^SQLITE_(CANTOPEN|FULL|IOERR|READONLY|PERM)/.test(code))
    return new ImagekinError('file-not-writable', {
      where: path,
      expected: 'a place that can be read and written',
      got,
      fix: 'make room, or check who may write there',
      cause,
    });
  return cause;
}
