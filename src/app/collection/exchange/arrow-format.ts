import { open } from 'node:fs/promises';
import type { DataType, RecordBatch } from 'apache-arrow';
import { ImagekinError, messageOf } from '../../../core/errors.js';
import { type ArrowColumn, arrowFileChunks } from '../../formats/arrow-file.js';
import { type ExchangeFormat, type ForeignBlock, type ForeignImage, rowsAtOnce } from './exchange-format.js';
import { type ExchangedImage, exchangedFields } from './exchanged-image.js';

const integers: readonly string[] = ['width', 'height'];
const floats: readonly string[] = ['id', 'size', 'mtime'];
const required: readonly string[] = ['id', 'name', 'path', 'source', 'addedAt', 'model'];

const columns: readonly ArrowColumn<ExchangedImage>[] = [
  ...exchangedFields.map(
    (name): ArrowColumn<ExchangedImage> => ({
      name,
      type: integers.includes(name) ? 'int32' : floats.includes(name) ? 'float64' : 'text',
      nullable: !required.includes(name),
      value: (image) => image[name],
    }),
  ),
  { name: 'metadata', type: 'text', value: ({ metadata }) => metadata && JSON.stringify(metadata) },
];

/**
 * An Arrow file (Feather V2): a column for everything that is known of an image, metadata as JSON, and `embedding`, a
 * fixed-size list of float32. Read are files with lists of any numbers in that column.
 */
export const arrowFormat: ExchangeFormat = {
  extension: '.arrow',
  vectorsOnly: false,
  chunks: ({ dimension, modelId, blocks }) =>
    arrowFileChunks({
      columns,
      dimension,
      about: { 'imagekin.model': modelId },
      async *blocks() {
        for await (const { images, vectors } of blocks()) yield { rows: images, vectors };
      },
    }),

  async open(path, onSkipped) {
    const arrow = await import('apache-arrow');
    const file = await open(path);
    try {
      const reader = await arrow.RecordBatchReader.from(file);
      await reader.open();
      const { schema } = reader;
      const field = schema?.fields.find(({ name }) => name === 'embedding');
      if (!field) throw damaged(path, `the columns ${schema?.fields.map(({ name }) => name).join(', ')}`);
      const batches = batchesOf(reader, path);
      const first = await batches.next();
      const dimension = dimensionOf(field.type, first.value);
      if (dimension === undefined) throw damaged(path, `one of ${field.type}`);
      return {
        dimension,
        modelId: schema.metadata.get('imagekin.model'),
        async *blocks() {
          let before = 0;
          for (let next = first; !next.done; next = await batches.next()) {
            for (let row = 0; row < next.value.numRows; row += rowsAtOnce) {
              const part = next.value.slice(row, row + rowsAtOnce);
              yield blockOf(part, { before: before + row, dimension, path, onSkipped });
            }
            before += next.value.numRows;
          }
        },
        close: async () => {
          await reader.cancel();
          await file.close().catch(() => {});
        },
      };
    } catch (cause) {
      await file.close().catch(() => {});
      throw cause instanceof ImagekinError ? cause : damaged(path, messageOf(cause), cause);
    }
  },
};

async function* batchesOf(reader: AsyncIterable<RecordBatch>, path: string): AsyncGenerator<RecordBatch> {
  try {
    for await (const batch of reader) if (batch.numRows > 0) yield batch;
  } catch (cause) {
    throw damaged(path, messageOf(cause), cause);
  }
}

/** Of a list of any length, as long as the first. */
function dimensionOf(type: DataType, first: RecordBatch | undefined): number | undefined {
  const { listSize } = type as { readonly listSize?: number };
  if (listSize !== undefined) return listSize;
  const vector = first?.getChild('embedding')?.get(0) as { readonly length?: number } | null | undefined;
  return vector?.length;
}

interface Reading {
  /** Rows before these. */
  readonly before: number;
  readonly dimension: number;
  readonly path: string;
  readonly onSkipped: (skipped: { readonly path: string; readonly reason: string }) => void;
}

function blockOf(batch: RecordBatch, { before, dimension, path, onSkipped }: Reading): ForeignBlock {
  const names = batch.schema.fields.map(({ name }) => name).filter((name) => name !== 'embedding');
  const children = names.map((name) => batch.getChild(name)!);
  const embeddings = batch.getChild('embedding')!;
  const images: ForeignImage[] = [];
  const vectors = new Float32Array(batch.numRows * dimension);
  for (let row = 0; row < batch.numRows; row++) {
    const where = `row ${before + row + 1}`;
    const vector = (embeddings.get(row) as { toArray(): ArrayLike<number | bigint> } | null)?.toArray();
    if (vector?.length !== dimension) {
      const reason = vector ? `${vector.length} numbers, where the first has ${dimension}` : 'no embedding';
      onSkipped({ path: `${path}: ${where}`, reason });
      continue;
    }
    vectors.set(
      vector instanceof Float32Array ? vector : Float32Array.from(vector, Number),
      images.length * dimension,
    );
    const fields: Record<string, unknown> = {};
    for (const [i, name] of names.entries()) {
      const value = plain(children[i]!.get(row));
      if (value !== null)
        fields[name] = name === 'metadata' && typeof value === 'string' ? jsonOf(value) : value;
    }
    images.push({ where, fields });
  }
  return { images, vectors: vectors.subarray(0, images.length * dimension) };
}

/** 64-bit integers come as BigInt, and dictionaries, dates and the like as themselves. */
function plain(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  return typeof value === 'bigint' ? Number(value) : value;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function damaged(where: string, got: string, cause?: unknown): ImagekinError {
  return new ImagekinError('source-damaged', {
    where,
    expected: 'an uncompressed Arrow file (Feather V2) with lists of numbers in a column "embedding"',
    got,
    fix: 'write it anew, as by pyarrow.feather.write_feather(table, path, compression="uncompressed")',
    cause,
  });
}
