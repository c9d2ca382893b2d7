import type { DecodePool } from '../image/decode-pool.js';
import type { ImageLocation } from '../image/image-location.js';
import { readSmallJpeg } from '../image/read-small-jpeg.js';
import type { LoadedImage } from './loaded-image.js';
import type { ModelFile } from './model-file.js';

/** Loads files for a model: small JPEGs as they are, where its runner decodes such, all others by a pool. */
export class FileLoader {
  constructor(
    readonly pool: DecodePool,
    private readonly model: Pick<ModelFile, 'inputSize' | 'resize'>,
    private readonly runnerTakesFiles: boolean,
  ) {}

  /** @throws as `DecodePool.decode` */
  async load(location: ImageLocation): Promise<LoadedImage> {
    const { inputSize, resize } = this.model;
    const decode = () => this.pool.decode(location, inputSize, resize);
    const jpeg = this.runnerTakesFiles ? await readSmallJpeg(location, inputSize, resize) : undefined;
    return jpeg ? { jpeg, decode } : decode();
  }
}
