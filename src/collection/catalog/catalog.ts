import { CatalogDatabase } from './database.js';
import { DecisionTable } from './decision-table.js';
import { EditTable } from './edit-table.js';
import { FailureTable } from './failure-table.js';
import { ImageTable } from './image-table.js';
import { migrate, requireNewest } from './migrations.js';
import { ModelTable } from './model-table.js';
import { PreviewTable } from './preview-table.js';
import { SettingsTable } from './settings-table.js';
import { SourceTable } from './source-table.js';

/**
 * What a collection knows, in one SQLite file: the images, the vectors that models have made of them, small pictures, where
 * they came from, and what could not be used. All that is written in one `write` is there after it or none of it is, also
 * after a crash; who reads meanwhile sees what was there before.
 */
export class Catalog {
  readonly images: ImageTable;
  readonly models: ModelTable;
  readonly sources: SourceTable;
  readonly failures: FailureTable;
  readonly edits: EditTable;
  readonly previews: PreviewTable;
  readonly settings: SettingsTable;
  readonly decisions: DecisionTable;

  private constructor(readonly db: CatalogDatabase) {
    this.images = new ImageTable(db);
    this.models = new ModelTable(db);
    this.sources = new SourceTable(db);
    this.failures = new FailureTable(db);
    this.edits = new EditTable(db);
    this.previews = new PreviewTable(db);
    this.settings = new SettingsTable(db);
    this.decisions = new DecisionTable(db);
  }

  /**
   * Opens a file, which is made where there is none, and brings it to the newest schema.
   * @throws `collection-damaged`, `collection-newer`
   */
  static open(path: string): Catalog {
    const db = CatalogDatabase.open(path);
    try {
      migrate(db);
      return new Catalog(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /**
   * Opens a file to read it, and changes nothing of it.
   * @throws `collection-damaged`, `collection-newer`
   */
  static openToRead(path: string): Catalog {
    const db = CatalogDatabase.openToRead(path);
    try {
      requireNewest(db);
      return new Catalog(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /**
   * Writes: all of it or nothing. Other writers wait, so it must be short, and it cannot wait for anything itself.
   * What it changes of vectors gets the number by which indexes find it.
   */
  write<Result>(work: () => Result): Result {
    return this.db.transaction(() => {
      this.db.run('UPDATE state SET change = change + 1');
      return work();
    });
  }

  /** The number of the last write. */
  change(): number {
    return this.db.row<[number]>('SELECT change FROM state')![0];
  }

  /** The number of the last write that gave an image another label. */
  labelChange(): number {
    return this.db.row<[number]>('SELECT label_change FROM state')![0];
  }

  /** Another one after anything has been written: by others, which the version tells, or by this connection. */
  state(): string {
    const { db } = this;
    return `${db.row<[number]>('PRAGMA data_version')![0]} ${db.row<[number]>('SELECT total_changes()')![0]}`;
  }

  close(): void {
    this.db.close();
  }
}
