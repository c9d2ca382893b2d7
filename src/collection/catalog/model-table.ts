import type { CatalogDatabase } from './database.js';
import { type CatalogModel, VectorTable } from './vector-table.js';

type Columns = [number: number, id: string, name: string, dimension: number, hasFile: number];

const columns = 'models.id, models.sha256, models.name, models.dimension, models.has_file';

/** A model as the catalog is told of it. */
export type NewCatalogModel = Omit<CatalogModel, 'number' | 'hasFile'> &
  Partial<Pick<CatalogModel, 'hasFile'>>;

/** The models of a catalog: the one whose vectors are searched, and while it is being changed the next one. */
export class ModelTable {
  constructor(private readonly db: CatalogDatabase) {}

  /** The one whose vectors are searched. */
  active(): CatalogModel | undefined {
    return this.#one('JOIN state ON state.model = models.id');
  }

  /** The one whose vectors are being made, to be searched next. */
  next(): CatalogModel | undefined {
    return this.#one('JOIN state ON state.next_model = models.id');
  }

  /** All of which there may be vectors. */
  all(): CatalogModel[] {
    return this.db.rows<Columns>(`SELECT ${columns} FROM models ORDER BY models.id`).map(modelOf);
  }

  byId(id: string): CatalogModel | undefined {
    return this.#one('WHERE models.sha256 = ?', id);
  }

  /** Makes a model known. One that is known stays as it is, but that it may get a file. */
  add({ id, name, dimension, hasFile = true }: NewCatalogModel): CatalogModel {
    return this.db.transaction(() => {
      this.db.run(
        `INSERT INTO models (sha256, name, dimension, has_file, added_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (sha256) DO UPDATE SET has_file = max(has_file, excluded.has_file)`,
        id,
        name,
        dimension,
        hasFile ? 1 : 0,
        new Date().toISOString(),
      );
      return this.byId(id)!;
    });
  }

  /** From now on its vectors are searched. To be called in a write. */
  activate({ number }: CatalogModel): void {
    this.db.run('UPDATE state SET model = ?1, next_model = nullif(next_model, ?1)', number);
    // One who knew the vectors of this model from an earlier time, when it was searched before, would take them for these.
    this.db.run(
      `INSERT INTO changes SELECT images.id, state.change FROM images JOIN state WHERE true
       ON CONFLICT (image) DO UPDATE SET change = excluded.change`,
    );
  }

  /** Its vectors are being made, to be searched next; `undefined`: none any more. */
  prepare(model: CatalogModel | undefined): void {
    this.db.run('UPDATE state SET next_model = ?', model?.number ?? null);
  }

  vectors(model: CatalogModel): VectorTable {
    return new VectorTable(this.db, model);
  }

  /** Forgets a model that has no vectors any more. */
  forget({ number }: CatalogModel): void {
    this.db.run('DELETE FROM models WHERE id = ?', number);
  }

  #one(which: string, ...params: string[]): CatalogModel | undefined {
    const row = this.db.row<Columns>(`SELECT ${columns} FROM models ${which}`, ...params);
    return row && modelOf(row);
  }
}

function modelOf([number, id, name, dimension, hasFile]: Columns): CatalogModel {
  return { number, id, name, dimension, hasFile: hasFile === 1 };
}
