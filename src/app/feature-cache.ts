import { createHash } from 'node:crypto';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import { imagekinHome } from '../core/home.js';
import type { OnProgress } from '../core/progress.js';
import { FeatureImages } from '../data/feature-images.js';
import type { LabelledImages } from '../data/labelled-images.js';
import { embedBatches, embedImages } from '../embedding/embed-images.js';
import type { Embedder } from '../embedding/embedder.js';
import type { ModelFile } from '../embedding/model-file.js';
import { decoderVersion } from '../image/decode.js';

/** A backbone, which is loaded only where there is something to embed. */
export interface LazyBackbone {
  readonly model: ModelFile;
  open(): Promise<Embedder>;
}

export interface FeatureOptions {
  /** Where embeddings are kept; `imagekinHome()` unless named. */
  readonly home?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * The images as a backbone sees them. What has been embedded is kept by the id of the model, the fingerprint of the images and
 * the version of the decoder, so that the next run on them begins at once, and one that was stopped here goes on where it was.
 */
export async function featureImages(
  images: LabelledImages,
  backbone: LazyBackbone,
  { home = imagekinHome(), onProgress, signal }: FeatureOptions = {},
): Promise<FeatureImages> {
  const { id, dimension } = backbone.model;
  const key = createHash('sha256').update(`${id} ${images.fingerprint} ${decoderVersion}`).digest('hex');
  const path = join(home, 'features', `${key.slice(0, 32)}.f32`);
  const watch = { onProgress, signal };
  if (images.length === 0)
    throw new ImagekinError('empty-source', {
      where: images.name,
      expected: 'images to embed',
      got: 'none',
      fix: 'add some, or name another source',
    });
  const bytes = images.length * 4 * dimension;
  const vectors =
    (await sizeOf(path)) === bytes || (await keep(path, bytes, backbone, images, watch))
      ? await readVectors(path, images.length * dimension)
      : await opened(backbone, (embedder) => embedImages(embedder, images, watch));
  return new FeatureImages(images, vectors, id);
}

type Watch = Pick<FeatureOptions, 'onProgress' | 'signal'>;

/** Embeds into a file. @returns `false` where no file can be written, which costs the next run its time, not this one its images */
async function keep(
  path: string,
  bytes: number,
  backbone: LazyBackbone,
  images: LabelledImages,
  watch: Watch,
): Promise<boolean> {
  const part = `${path}.part`;
  const file = await mkdir(dirname(path), { recursive: true })
    .then(() => open(part, 'a'))
    .catch(() => undefined);
  if (file === undefined) return false;
  try {
    const rowBytes = 4 * backbone.model.dimension;
    const first = Math.min(Math.floor((await file.stat()).size / rowBytes), images.length);
    await file.truncate(first * rowBytes);
    await opened(backbone, async (embedder) => {
      for await (const embeddings of embedBatches(embedder, images, { ...watch, first })) {
        const { buffer, byteOffset, byteLength } = embeddings;
        await file.writeFile(new Uint8Array(buffer, byteOffset, byteLength));
      }
    });
    await file.sync();
  } finally {
    await file.close();
  }
  // Another run on the same images may have finished meanwhile.
  await rename(part, path).catch(async (error: unknown) => {
    if ((await sizeOf(path)) !== bytes) throw error;
  });
  return (await sizeOf(path)) === bytes;
}

async function opened<Result>(
  backbone: LazyBackbone,
  work: (embedder: Embedder) => Promise<Result>,
): Promise<Result> {
  const embedder = await backbone.open();
  try {
    return await work(embedder);
  } finally {
    await embedder.release();
  }
}

/** Bytes that are read at a time: Node refuses to read files of more than 2 GiB at once. */
const pieceBytes = 2 ** 28;

async function readVectors(path: string, length: number): Promise<Float32Array> {
  const vectors = new Float32Array(length);
  const bytes = new Uint8Array(vectors.buffer);
  const file = await open(path);
  try {
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(pieceBytes, bytes.length - at), at);
      if (bytesRead === 0) throw new Error(`${path} ends after ${at} of ${bytes.length} bytes`);
      at += bytesRead;
    }
    return vectors;
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
