/** A column of a table: how it is called, what is in it, and its value in a row; `undefined` and `null` are nothing. */
export interface ArrowColumn<Row> {
  readonly name: string;
  readonly type: 'text' | 'int32' | 'float64';
  /** Default true. */
  readonly nullable?: boolean;
  value(row: Row): string | number | null | undefined;
}

/** Some rows, and the vector of each: float32 [rows.length, dimension]. */
export interface ArrowBlock<Row> {
  readonly rows: readonly Row[];
  readonly vectors: Float32Array;
}

export interface ArrowTable<Row> {
  readonly columns: readonly ArrowColumn<Row>[];
  readonly dimension: number;
  /** What stands in the schema's metadata. */
  readonly about: Readonly<Record<string, string>>;
  blocks(): AsyncIterable<ArrowBlock<Row>> | Iterable<ArrowBlock<Row>>;
}

/**
 * An Arrow file (Feather V2): some columns, and behind them `embedding`, a fixed-size list of float32. pandas, polars, DuckDB
 * and PyArrow read it. It is made block by block, as its bytes are taken.
 */
export async function* arrowFileChunks<Row>(table: ArrowTable<Row>): AsyncGenerator<Uint8Array> {
  const arrow = await import('apache-arrow');
  const { dimension, columns, about, blocks } = table;
  const { Field, FixedSizeList, Float32, Float64, Int32, Schema, Utf8 } = arrow;
  const list = new FixedSizeList(dimension, new Field('item', new Float32(), false));
  const types = { text: new Utf8(), int32: new Int32(), float64: new Float64() };
  const fields = columns.map(({ name, type, nullable = true }) => new Field(name, types[type], nullable));
  const schema = new Schema([...fields, new Field('embedding', list, false)], new Map(Object.entries(about)));

  const batchOf = ({ rows, vectors }: ArrowBlock<Row>) => {
    const { length } = rows;
    const numbers = arrow.makeData({ type: new Float32(), length: vectors.length, data: vectors });
    const children = columns.map(({ type, value }) => {
      const values = rows.map((row) => value(row) ?? null);
      return arrow.vectorFromArray(values, types[type]).data[0]!;
    });
    const struct = arrow.makeData({
      type: new arrow.Struct(schema.fields),
      length,
      nullCount: 0,
      children: [...children, arrow.makeData({ type: list, length, nullCount: 0, child: numbers })],
    });
    return new arrow.RecordBatch(schema, struct);
  };

  const writer = new arrow.RecordBatchFileWriter();
  const pieces = writer[Symbol.asyncIterator]();
  writer.reset(undefined, schema);
  const ahead = new Ahead();
  const writing = (async () => {
    for await (const block of blocks()) {
      writer.write(batchOf(block));
      if (!(await ahead.add(block.vectors.byteLength))) return;
    }
    writer.finish();
  })();
  let failure: { readonly error: unknown } | undefined;
  writing.catch((error: unknown) => {
    failure = { error };
    writer.abort(error);
  });
  try {
    for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) {
      const bytes = piece.value as Uint8Array;
      yield bytes;
      ahead.take(bytes.byteLength);
    }
    await writing;
  } catch (error) {
    // What the writer says of an abort is not why.
    throw failure ? failure.error : error;
  } finally {
    ahead.stop();
  }
}

/** Most bytes that the writer may have handed out and nobody taken yet: it would make all of them in one go. */
const mostAhead = 16 * 2 ** 20;

class Ahead {
  #bytes = 0;
  #stopped = false;
  #release: () => void = () => {};

  /** Waits while there is too much. `false`: nobody wants any more. */
  async add(bytes: number): Promise<boolean> {
    this.#bytes += bytes;
    while (this.#bytes > mostAhead && !this.#stopped)
      await new Promise<void>((resolve) => {
        this.#release = resolve;
      });
    return !this.#stopped;
  }

  take(bytes: number): void {
    this.#bytes -= bytes;
    this.#release();
  }

  stop(): void {
    this.#stopped = true;
    this.#release();
  }
}
