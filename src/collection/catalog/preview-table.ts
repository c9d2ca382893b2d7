import type { CatalogDatabase } from './database.js';

/** What is kept of an image's pixels. */
export interface Preview {
  /** WebP. */
  readonly thumbnail: Uint8Array | null;
  /** Perceptual print, as bytes. */
  readonly print: Uint8Array | null;
}

export class PreviewTable {
  constructor(private readonly db: CatalogDatabase) {}

  put(image: number, { thumbnail, print }: Preview): void {
    this.db.run(
      `INSERT INTO previews (image, thumbnail, print) VALUES (?, ?, ?)
       ON CONFLICT (image) DO UPDATE SET thumbnail = excluded.thumbnail, print = excluded.print`,
      image,
      thumbnail,
      print,
    );
  }

  /** Gives one image what another has, as they are of the same bytes. */
  copy(from: number, to: number): void {
    this.db.run(
      `INSERT INTO previews (image, thumbnail, print) SELECT ?, thumbnail, print FROM previews WHERE image = ?
       ON CONFLICT (image) DO UPDATE SET thumbnail = excluded.thumbnail, print = excluded.print`,
      to,
      from,
    );
  }

  thumbnail(image: number): Uint8Array | undefined {
    return (
      this.db.row<[Uint8Array | null]>('SELECT thumbnail FROM previews WHERE image = ?', image)?.[0] ??
      undefined
    );
  }

  /** Prints of the images that are not missing, in the order of the ids. Nothing may be written meanwhile. */
  *prints(): Generator<{ readonly image: number; readonly print: Uint8Array }> {
    const rows = this.db.each<[number, Uint8Array]>(
      `SELECT previews.image, previews.print FROM previews JOIN images ON images.id = previews.image
       WHERE previews.print IS NOT NULL AND images.missing_since IS NULL ORDER BY previews.image`,
    );
    for (const [image, print] of rows) yield { image, print };
  }
}
