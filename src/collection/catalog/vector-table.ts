import { ImagekinError } from '../../core/errors.js';
import type { VectorChanges, VectorRows, VectorSource } from '../index/vector-source.js';
import { CatalogDatabase, jsonParameter } from './database.js';

/** A model whose vectors a catalog has. */
export interface CatalogModel {
  /** Its number here. */
  readonly number: number;
  /** SHA-256 of the model file; of a model without one, whatever it was given as. */
  readonly id: string;
  /** What it was called when it was given. */
  readonly name: string;
  readonly dimension: number;
  /** Whether the collection has the model itself. One that was made of vectors alone does not. */
  readonly hasFile: boolean;
}

const blockLength = 4096;

/** The vectors that one model has made of the images of a catalog. Those of missing images are kept, and not shown. */
export class VectorTable implements VectorSource {
  readonly modelId: string;
  readonly dimension: number;

  constructor(
    private readonly db: CatalogDatabase,
    readonly model: CatalogModel,
  ) {
    this.modelId = model.id;
    this.dimension = model.dimension;
  }

  count(): number {
    return this.db.row<[number]>(
      `SELECT count(*) FROM vectors JOIN images ON images.id = vectors.image
       WHERE vectors.model = ? AND images.missing_since IS NULL`,
      this.model.number,
    )![0];
  }

  change(): number {
    return this.db.row<[number]>('SELECT change FROM state')![0];
  }

  /** Reads by a connection of its own, so that this one can go on; that is closed when the last block has been taken. */
  all(): { readonly change: number; readonly blocks: Iterable<VectorRows> } {
    const reader = CatalogDatabase.open(this.db.path);
    reader.exec('BEGIN');
    const change = reader.row<[number]>('SELECT change FROM state')![0];
    return { change, blocks: this.#blocks(reader) };
  }

  changesSince(change: number): VectorChanges {
    const { dimension } = this;
    return this.db.snapshot(() => {
      const now = this.change();
      const changed = this.changedSince(change);
      const ids = new Uint32Array(changed.length);
      const vectors = new Float32Array(changed.length * dimension);
      const removed = new Uint32Array(changed.length);
      let there = 0;
      let gone = 0;
      // Block by block: rows take several times the memory that their vectors do.
      for (let from = 0; from < changed.length; from += blockLength) {
        const block = changed.subarray(from, from + blockLength);
        const found = this.of(block);
        ids.set(found.ids, there);
        vectors.set(found.vectors, there * dimension);
        there += found.ids.length;
        let at = 0;
        for (const id of block)
          if (found.ids[at] === id) at++;
          else removed[gone++] = id;
      }
      const upserted = { ids: ids.subarray(0, there), vectors: vectors.subarray(0, there * dimension) };
      return { change: now, upserted, removed: removed.subarray(0, gone) };
    });
  }

  /** Images that are there and have a vector, ascending. */
  ids(): Uint32Array {
    const ids = this.db.json<number>(
      'vectors.image',
      'vectors JOIN images ON images.id = vectors.image WHERE vectors.model = ? AND images.missing_since IS NULL',
      this.model.number,
    );
    return Uint32Array.from(ids).sort();
  }

  /** Images of which `changesSince` would tell, ascending, without their vectors. */
  changedSince(change: number): Uint32Array {
    const ids = this.db.json<number>('image', 'changes WHERE change > ?', change);
    return Uint32Array.from(ids).sort();
  }

  of(ids: Uint32Array): VectorRows {
    const rows = this.db.rows<[number, Buffer]>(
      `SELECT vectors.image, vectors.vector FROM json_each(?) AS wanted
       CROSS JOIN vectors ON vectors.model = ? AND vectors.image = wanted.value
       JOIN images ON images.id = vectors.image AND images.missing_since IS NULL ORDER BY vectors.image`,
      jsonParameter(Array.from(ids)),
      this.model.number,
    );
    return this.#rowsOf(rows);
  }

  /**
   * Sets the vectors of some images.
   * @param vectors float32 [ids, dimension], unit length
   * @throws `model-mismatch` for another dimension, or what is not finite
   */
  put(ids: ArrayLike<number>, vectors: Float32Array): void {
    if (vectors.length !== ids.length * this.dimension) throw this.#mismatch(ids.length, vectors.length);
    if (!vectors.every(Number.isFinite)) throw this.#notFinite();
    const bytes = Buffer.from(vectors.buffer, vectors.byteOffset, vectors.byteLength);
    const width = 4 * this.dimension;
    this.db.run(
      `INSERT INTO vectors (model, image, vector)
       SELECT ?, value, substr(?, 1 + key * ${width}, ${width}) FROM json_each(?) WHERE true
       ON CONFLICT (model, image) DO UPDATE SET vector = excluded.vector`,
      this.model.number,
      bytes,
      jsonParameter(Array.from(ids)),
    );
  }

  /** Whether an image has a vector, be it missing or not. */
  has(image: number): boolean {
    const found = this.db.row(
      'SELECT 1 FROM vectors WHERE model = ? AND image = ?',
      this.model.number,
      image,
    );
    return found !== undefined;
  }

  /** Gives one image the vector of another, as they are of the same bytes. */
  copy(from: number, to: number): void {
    this.db.run(
      `INSERT INTO vectors (model, image, vector) SELECT model, ?, vector FROM vectors WHERE model = ? AND image = ?
       ON CONFLICT (model, image) DO UPDATE SET vector = excluded.vector`,
      to,
      this.model.number,
      from,
    );
  }

  /** Images that are there, but have no vector of this model, ascending, those behind an id. */
  imagesWithout(limit: number, after = 0): Uint32Array {
    return Uint32Array.from(
      this.db.json<number>(
        'id',
        `(SELECT id FROM images WHERE missing_since IS NULL AND id > ? AND NOT EXISTS
           (SELECT 1 FROM vectors WHERE vectors.model = ? AND vectors.image = images.id) ORDER BY id LIMIT ?)`,
        after,
        this.model.number,
        limit,
      ),
    );
  }

  /** How many images that are there have no vector of this model. */
  countWithout(): number {
    return this.db.row<[number]>(
      `SELECT count(*) FROM images WHERE missing_since IS NULL AND NOT EXISTS
         (SELECT 1 FROM vectors WHERE vectors.model = ? AND vectors.image = images.id)`,
      this.model.number,
    )![0];
  }

  /** How many vectors there are, those of missing images among them. */
  countAll(): number {
    return this.db.row<[number]>('SELECT count(*) FROM vectors WHERE model = ?', this.model.number)![0];
  }

  /** Removes some of the vectors. @returns how many */
  removeSome(limit: number): number {
    return this.db.run(
      'DELETE FROM vectors WHERE id IN (SELECT id FROM vectors WHERE model = ? LIMIT ?)',
      this.model.number,
      limit,
    );
  }

  *#blocks(reader: CatalogDatabase): Generator<VectorRows> {
    try {
      let rows: [number, Buffer][] = [];
      const all = reader.each<[number, Buffer]>(
        `SELECT vectors.image, vectors.vector FROM vectors JOIN images ON images.id = vectors.image
         WHERE vectors.model = ? AND images.missing_since IS NULL ORDER BY vectors.image`,
        this.model.number,
      );
      for (const row of all) {
        rows.push(row);
        if (rows.length < blockLength) continue;
        yield this.#rowsOf(rows);
        rows = [];
      }
      if (rows.length > 0) yield this.#rowsOf(rows);
    } finally {
      reader.close();
    }
  }

  #rowsOf(rows: readonly (readonly [number, Buffer])[]): VectorRows {
    const { dimension } = this;
    const ids = new Uint32Array(rows.length);
    const vectors = new Float32Array(rows.length * dimension);
    const bytes = new Uint8Array(vectors.buffer);
    for (const [i, [image, vector]] of rows.entries()) {
      if (vector.length !== 4 * dimension) throw this.#damaged(image, vector.length);
      ids[i] = image;
      bytes.set(vector, i * 4 * dimension);
    }
    return { ids, vectors };
  }

  #damaged(image: number, got: number): ImagekinError {
    return new ImagekinError('collection-damaged', {
      where: `${this.db.path}: the vector of image ${image}`,
      expected: `${4 * this.dimension} bytes`,
      got: `${got}`,
      fix: 'see what else is wrong by imagekin verify, and add the image again',
    });
  }

  #mismatch(images: number, numbers: number): ImagekinError {
    return new ImagekinError('model-mismatch', {
      where: this.db.path,
      expected: `${images} vectors of ${this.dimension} numbers, as ${this.model.name} makes them`,
      got: `${numbers} numbers`,
      fix: 'give vectors of the model of this collection',
    });
  }

  #notFinite(): ImagekinError {
    return new ImagekinError('model-mismatch', {
      where: this.db.path,
      expected: 'vectors of finite numbers',
      got: 'NaN or infinity',
      fix: 'leave these images out',
    });
  }
}
