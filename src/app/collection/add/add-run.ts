import type { Catalog } from '../../../collection/catalog/catalog.js';
import type { CatalogModel, VectorTable } from '../../../collection/catalog/vector-table.js';
import type { Collection } from '../../../collection/collection.js';
import { ImagekinError } from '../../../core/errors.js';
import type { OnProgress, Skipped } from '../../../core/progress.js';
import { type AddCounts, noCounts } from './add-options.js';
import { FileStates } from './file-states.js';
import { IdBits } from './id-bits.js';

type MutableCounts = { -readonly [Name in keyof AddCounts]: AddCounts[Name] };

/** What one run of `add` has come to so far. */
export class AddRun {
  readonly catalog: Catalog;
  readonly model: CatalogModel;
  readonly vectors: VectorTable;
  /** ISO 8601. */
  readonly startedAt = new Date().toISOString();
  /** Images of the collection whose files are where they were, or have just been added. */
  readonly seen = new IdBits();
  readonly states = new FileStates();
  /** Places of images that are being decoded, which another source may name as well. */
  readonly underWay = new Set<string>();
  /** Places of files that could not be used, now or before. */
  readonly failing = new Set<string>();
  readonly skipped: Skipped[] = [];
  readonly counts: MutableCounts = { ...noCounts };
  /** How many images there will be, where that is known. */
  total: number | undefined;

  constructor(
    readonly collection: Collection,
    readonly options: { readonly retryFailed: boolean; readonly onProgress?: OnProgress },
  ) {
    this.catalog = collection.catalog;
    this.model = collection.model;
    this.vectors = collection.vectors;
  }

  /** Writes to the catalog, as long as its vectors are those of the model that this run works with. */
  write<Result>(work: () => Result): Result {
    return this.catalog.write(() => {
      const active = this.catalog.models.active();
      if (active?.number !== this.model.number)
        throw new ImagekinError('model-mismatch', {
          where: this.collection.directory,
          expected: `the model that this run began with, ${this.model.name}`,
          got: `${active?.name ?? 'none'}: another process has changed it`,
          fix: 'start the same command again',
        });
      return work();
    });
  }

  fail(path: string, reason: string): void {
    this.counts.failed++;
    this.skipped.push({ path, reason });
  }

  report(): void {
    const { added, changed, moved, copied, unchanged, failed } = this.counts;
    this.options.onProgress?.({
      task: 'adding',
      done: added + changed + moved + copied + unchanged + failed,
      ...(this.total !== undefined && { total: this.total }),
      unit: 'images',
    });
  }
}
