import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import type { EmbeddedBlock, EmbeddingFormatName, WrittenEmbeddings } from './embedding-format.js';
import { embeddingFormats } from './embedding-formats.js';

function embeddings(rows: number, dimension: number, rowsAtOnce: number): WrittenEmbeddings {
  const random = Random.of(1, 'vectors');
  const vectors = Float32Array.from({ length: rows * dimension }, () => random.uint32());
  const entries = Array.from({ length: rows }, (_, row) => ({
    row,
    id: `${row}`,
    ...(row % 2 === 0 && { label: 'even' }),
    ...(row === 1 && { metadata: { price: 3, ärmel: 'lang' } }),
    path: `bilder/${row}\n.png`,
    width: 10 + row,
  }));
  return {
    rows,
    dimension,
    modelId: 'm'.repeat(64),
    async *blocks(): AsyncGenerator<EmbeddedBlock> {
      for (let first = 0; first < rows; first += rowsAtOnce)
        yield {
          entries: entries.slice(first, first + rowsAtOnce),
          vectors: vectors.subarray(first * dimension, (first + rowsAtOnce) * dimension),
        };
    },
  };
}

async function written(format: EmbeddingFormatName, what: WrittenEmbeddings): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of embeddingFormats[format].chunks(what))
    pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces);
}

async function allVectors({ blocks }: WrittenEmbeddings): Promise<number[]> {
  const values: number[] = [];
  for await (const { vectors } of blocks()) values.push(...vectors);
  return values;
}

describe('npy', () => {
  it.each([
    [7, 5],
    [1000, 128],
    [0, 3],
  ])('is a NumPy array of %i rows of %i numbers', async (rows, dimension) => {
    const made = embeddings(rows, dimension, 300);
    const bytes = await written('npy', made);
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from('\x93NUMPY\x01\x00', 'latin1'));
    const begin = 10 + bytes.readUInt16LE(8);
    expect(begin % 64).toBe(0);
    const header = bytes.toString('latin1', 10, begin);
    expect(header).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(\d+, \d+\), \} *\n$/);
    expect(header).toContain(`(${rows}, ${dimension})`);
    const values = new Float32Array(
      bytes.buffer.slice(bytes.byteOffset + begin, bytes.byteOffset + bytes.length),
    );
    expect([...values]).toEqual(await allVectors(made));
  });
});

describe('jsonl', () => {
  it('has a line for every image, with numbers that are the float32 numbers again', async () => {
    const made = embeddings(5, 4, 2);
    const lines = (await written('jsonl', made))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.flatMap(({ embedding }) => embedding.map(Math.fround))).toEqual(await allVectors(made));
    expect(lines[1]).toEqual({
      id: '1',
      metadata: { price: 3, ärmel: 'lang' },
      path: 'bilder/1\n.png',
      width: 11,
      embedding: expect.any(Array),
    });
  });
});

describe('arrow', () => {
  it('is a table with a column for everything', async () => {
    const made = embeddings(5, 4, 2);
    const table = tableFromIPC(await written('arrow', made));
    expect(table.schema.metadata.get('imagekin.model')).toBe('m'.repeat(64));
    expect(table.toArray().flatMap((row) => [...row.embedding])).toEqual(await allVectors(made));
    const rows = table
      .toArray()
      .map(({ id, label, path, width, height, metadata }) => ({ id, label, path, width, height, metadata }));
    expect(rows.slice(0, 2)).toEqual([
      { id: '0', label: 'even', path: 'bilder/0\n.png', width: 10, height: null, metadata: null },
      {
        id: '1',
        label: null,
        path: 'bilder/1\n.png',
        width: 11,
        height: null,
        metadata: '{"price":3,"ärmel":"lang"}',
      },
    ]);
  });

  it('makes the next vectors only when those before are taken', async () => {
    // 48 blocks of 1 MiB: without waiting, all of them would be made before the second piece is taken.
    const made = embeddings(48, 2 ** 18, 1);
    let blocks = 0;
    const counted = {
      ...made,
      async *blocks() {
        for await (const block of made.blocks()) {
          blocks++;
          yield block;
        }
      },
    };
    const pieces = embeddingFormats.arrow.chunks(counted)[Symbol.asyncIterator]();
    for (let taken = 0; taken < 4; taken++) await pieces.next();
    await new Promise((later) => setTimeout(later, 50));
    expect(blocks).toBeLessThan(32);
    await pieces.return?.();
  });

  it('throws what making the vectors throws', async () => {
    const broken = {
      ...embeddings(4, 4, 1),
      async *blocks(): AsyncGenerator<EmbeddedBlock> {
        yield* embeddings(1, 4, 1).blocks();
        throw new Error('disk gone');
      },
    };
    await expect(written('arrow', broken)).rejects.toThrow('disk gone');
  });
});
