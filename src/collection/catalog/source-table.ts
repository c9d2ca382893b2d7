import type { CatalogDatabase } from './database.js';

/** What images were added by. */
export interface CatalogSource {
  readonly number: number;
  /** As it is given to `add`, with absolute paths. */
  readonly spec: string;
  /** The folder or file that it means, absolute; `null` of a source that is none. */
  readonly root: string | null;
  /** ISO 8601. */
  readonly addedAt: string;
  /** When it was last walked through to its end. */
  readonly walkedAt: string | null;
}

type Columns = [number, string, string | null, string, string | null];

const columns = 'id, spec, root, added_at, walked_at';

export class SourceTable {
  constructor(private readonly db: CatalogDatabase) {}

  all(): CatalogSource[] {
    return this.db.rows<Columns>(`SELECT ${columns} FROM sources ORDER BY id`).map(sourceOf);
  }

  /** Makes a source known. One that is known stays as it is. */
  add(spec: string, root: string | null): CatalogSource {
    return this.db.transaction(() => {
      this.db.run(
        'INSERT INTO sources (spec, root, added_at) VALUES (?, ?, ?) ON CONFLICT (spec) DO NOTHING',
        spec,
        root,
        new Date().toISOString(),
      );
      return sourceOf(this.db.row<Columns>(`SELECT ${columns} FROM sources WHERE spec = ?`, spec)!);
    });
  }

  walked({ number }: Pick<CatalogSource, 'number'>): void {
    this.db.run('UPDATE sources SET walked_at = ? WHERE id = ?', new Date().toISOString(), number);
  }
}

function sourceOf([number, spec, root, addedAt, walkedAt]: Columns): CatalogSource {
  return { number, spec, root, addedAt, walkedAt };
}
