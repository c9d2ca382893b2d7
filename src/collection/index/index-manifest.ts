import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { writeFileAtomic } from '../../core/files.js';
import { UnusableFile } from './unusable-file.js';

// The manifest says which of the files beside it are the index, and what they hold. It is written last, by rename: files that it
// does not name do not exist for a reader.

const format = 'imagekin-index';
const version = 1;

const FileRecord = Type.Object({
  /** In the directory of the manifest. */
  name: Type.String({ pattern: '^[A-Za-z0-9._-]+$' }),
  bytes: Type.Integer({ minimum: 0 }),
  crc32: Type.Integer({ minimum: 0 }),
});

const IndexManifest = Type.Object({
  modelId: Type.String(),
  dimension: Type.Integer({ minimum: 1 }),
  /** Vectors in it. */
  count: Type.Integer({ minimum: 0 }),
  /** Of the source: the last one that is in it. */
  change: Type.Integer(),
  /** ISO 8601. */
  builtAt: Type.String(),
  kind: Type.Union([Type.Literal('exact'), Type.Literal('hnsw')]),
  rows: FileRecord,
  hnsw: Type.Optional(
    Type.Object({
      quantization: Type.Union([Type.Literal('f32'), Type.Literal('bf16'), Type.Literal('i8')]),
      expansion: Type.Integer({ minimum: 1 }),
      recall: Type.Optional(
        Type.Object({
          recallAt10: Type.Number(),
          queries: Type.Integer({ minimum: 1 }),
          foundItself: Type.Number(),
        }),
      ),
      /** Left out where all vectors are looked at, as they are few. */
      graph: Type.Optional(FileRecord),
    }),
  ),
});

export type FileRecord = Static<typeof FileRecord>;
export type IndexManifest = Static<typeof IndexManifest>;

export async function writeManifest(path: string, manifest: IndexManifest): Promise<void> {
  const body = JSON.stringify(manifest);
  // The checksum stands before what it is of, and that is the text as it lies.
  await writeFileAtomic(
    path,
    `{"format":"${format}","version":${version},"crc32":${crc32(body)},"index":${body}}`,
  );
}

/** @throws {UnusableFile} where there is none, or none that we understand */
export async function readManifest(path: string): Promise<IndexManifest> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new UnusableFile(`${path}: cannot be read`, { cause });
  });
  const found = parsed(text) as
    | Partial<Record<'format' | 'version' | 'crc32' | 'index', unknown>>
    | undefined;
  if (found?.format !== format) throw new UnusableFile(`${path}: no manifest of an index`);
  if (found.version !== version) throw new UnusableFile(`${path}: another version`);
  if (found.crc32 !== crc32(JSON.stringify(found.index) ?? ''))
    throw new UnusableFile(`${path}: wrong checksum`);
  if (!Value.Check(IndexManifest, found.index)) throw new UnusableFile(`${path}: not as it should be`);
  return found.index;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
