import type { Device } from '../core/device.js';
import type { OnProgress } from '../core/progress.js';
import type { LabelledImages } from '../data/labelled-images.js';
import { Embedder } from '../embedding/embedder.js';
import type { Size } from '../image/image.js';
import type { ResolvedBackbone } from './backbone-config.js';
import { featureImages } from './feature-cache.js';
import { inMemory } from './in-memory.js';

export interface ReadyOptions {
  /** The model that the network stands on. Default: none. */
  readonly backbone?: ResolvedBackbone;
  readonly home?: string;
  readonly threads?: number;
  readonly device?: Device;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Images ready to be asked for many times: with their pixels in memory, where they fit, or with what the backbone of the
 * network makes of them.
 * @param size of the pixels that will be asked for
 */
export async function readyImages(
  images: LabelledImages,
  size: Size,
  { backbone, home, threads, device, onProgress, signal }: ReadyOptions,
): Promise<LabelledImages> {
  if (!backbone) return inMemory(images, size, { onProgress, signal });
  const { model, path } = backbone;
  const lazy = { model, open: () => Embedder.load(model, path, { threads, device }) };
  return featureImages(images, lazy, { home, onProgress, signal });
}
