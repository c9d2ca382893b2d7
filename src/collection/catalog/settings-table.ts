import type { CatalogDatabase } from './database.js';

/** Which index a collection is to have. What is left out is chosen by its size. */
export interface IndexSettings {
  readonly kind?: string;
  readonly quantization?: string;
}

/** What a collection was once told and keeps to, and what it is. */
export class SettingsTable {
  constructor(private readonly db: CatalogDatabase) {}

  index(): IndexSettings {
    const row = this.db.row<[string | null, string | null]>('SELECT index_kind, quantization FROM state')!;
    const [kind, quantization] = row;
    return { ...(kind !== null && { kind }), ...(quantization !== null && { quantization }) };
  }

  setIndex({ kind, quantization }: IndexSettings): void {
    this.db.run('UPDATE state SET index_kind = ?, quantization = ?', kind ?? null, quantization ?? null);
  }

  /** When the collection was made, ISO 8601, and by which version; and the version of its schema. */
  origin(): { readonly createdAt: string; readonly createdWith: string; readonly schemaVersion: number } {
    const [createdAt, createdWith] = this.db.row<[string, string]>(
      'SELECT created_at, created_with FROM state',
    )!;
    return { createdAt, createdWith, schemaVersion: this.db.row<[number]>('PRAGMA user_version')![0] };
  }
}
