import type { EmbeddedBlock, WrittenEmbeddings } from './embedding-format.js';

/**
 * An Arrow file (Feather V2): columns id, path, source, label, width, height, sha256, metadata (JSON), and `embedding`, a fixed-size list of
 * float32. pandas, polars, DuckDB and PyArrow read it.
 */
export async function* arrowChunks(embeddings: WrittenEmbeddings): AsyncGenerator<Uint8Array> {
  const arrow = await import('apache-arrow');
  const { dimension, modelId, blocks } = embeddings;
  const { Field, FixedSizeList, Float32, Int32, Schema, Utf8 } = arrow;
  const list = new FixedSizeList(dimension, new Field('item', new Float32(), false));
  const text = (name: string, nullable = true) => new Field(name, new Utf8(), nullable);
  const schema = new Schema(
    [
      text('id', false),
      text('path'),
      text('source'),
      text('label'),
      new Field('width', new Int32(), true),
      new Field('height', new Int32(), true),
      text('sha256'),
      text('metadata'),
      new Field('embedding', list, false),
    ],
    new Map([['imagekin.model', modelId]]),
  );

  const column = (entries: EmbeddedBlock['entries'], field: (typeof schema.fields)[number]) => {
    const values = entries.map((entry) => {
      const value = entry[field.name as 'id'] as unknown;
      if (value === undefined) return null;
      return typeof value === 'object' ? JSON.stringify(value) : value;
    });
    return arrow.vectorFromArray(values, field.type).data[0]!;
  };
  const batchOf = ({ entries, vectors }: EmbeddedBlock) => {
    const { length } = entries;
    const numbers = arrow.makeData({ type: new Float32(), length: vectors.length, data: vectors });
    const children = schema.fields.map((field) =>
      field.name === 'embedding'
        ? arrow.makeData({ type: list, length, nullCount: 0, child: numbers })
        : column(entries, field),
    );
    const struct = arrow.makeData({ type: new arrow.Struct(schema.fields), length, nullCount: 0, children });
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
