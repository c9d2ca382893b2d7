import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { imagekinHome } from '../core/home.js';
import type { OnProgress } from '../core/progress.js';
import { FeatureImages } from '../data/feature-images.js';
import type { LabelledImages } from '../data/labelled-images.js';
import { embedBatches } from '../embedding/embed-images.js';
import type { Embedder } from '../embedding/embedder.js';

export interface FeatureOptions {
  /** Where embeddings are kept; `imagekinHome()` unless named. */
  readonly home?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * The images as a backbone sees them. What has been embedded is kept by the id of the model and the fingerprint of the
 * images, so that the next run on them begins at once, and one that was stopped here goes on where it was.
 */
export async function featureImages(
  images: LabelledImages,
  backbone: Embedder,
  { home = imagekinHome(), onProgress, signal }: FeatureOptions = {},
): Promise<FeatureImages> {
  const { id, dimension } = backbone.model;
  const key = createHash('sha256').update(`${id} ${images.fingerprint}`).digest('hex');
  const path = join(home, 'features', `${key.slice(0, 32)}.f32`);
  const rowBytes = 4 * dimension;
  if ((await sizeOf(path)) !== images.length * rowBytes) {
    await embedInto(`${path}.part`, backbone, images, { onProgress, signal });
    await rename(`${path}.part`, path);
  }
  const bytes = await readFile(path);
  const vectors = new Float32Array(bytes.buffer, bytes.byteOffset, images.length * dimension);
  return new FeatureImages(images, vectors, id);
}

/** Appends the rows that a file lacks. */
async function embedInto(
  path: string,
  backbone: Embedder,
  images: LabelledImages,
  options: Pick<FeatureOptions, 'onProgress' | 'signal'>,
): Promise<void> {
  const rowBytes = 4 * backbone.dimension;
  await mkdir(dirname(path), { recursive: true });
  const first = Math.min(Math.floor((await sizeOf(path)) / rowBytes), images.length);
  const file = await open(path, first > 0 ? 'r+' : 'w');
  try {
    let at = first * rowBytes;
    for await (const embeddings of embedBatches(backbone, images, { ...options, first })) {
      const { buffer, byteOffset, byteLength } = embeddings;
      await file.write(new Uint8Array(buffer, byteOffset, byteLength), 0, byteLength, at);
      at += byteLength;
    }
    await file.truncate(at);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
