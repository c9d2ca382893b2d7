import { ImagekinError, messageOf } from '../core/errors.js';
import { Program, type ProgramOptions } from '../engine/index.js';
import type { Size } from '../image/image.js';
import type { ResizeRule } from '../image/resize-rule.js';
import type { ModelFile } from './model-file.js';
import { modelInput, modelOutput } from './model-io.js';
import { type OpenModelOptions, openModel } from './open-model.js';

/** A model file, loaded: turns images into vectors. */
export class Embedder {
  private constructor(
    readonly model: ModelFile,
    private readonly program: Program,
    /** What it was loaded with. */
    readonly options: ProgramOptions,
  ) {}

  /**
   * Opens a model: a file of imagekin, any other ONNX file of which it is known how to use it, or the name of one that was
   * pulled.
   * @throws the errors of `openModel`
   */
  static async open(path: string, options: ProgramOptions & OpenModelOptions = {}): Promise<Embedder> {
    const { backbone, ignoresUnused, ...programOptions } = options;
    return Embedder.load(await openModel(path, { backbone, ignoresUnused }), path, programOptions);
  }

  /** Loads a model file that has been read; `where` names it in errors. */
  static async load(model: ModelFile, where: string, options: ProgramOptions = {}): Promise<Embedder> {
    try {
      return new Embedder(model, await Program.load(model.bytes, options), options);
    } catch (cause) {
      if (cause instanceof ImagekinError && cause.code === 'device-unavailable') throw cause;
      throw new ImagekinError('model-damaged', {
        where,
        expected: 'a model that ONNX Runtime loads',
        got: messageOf(cause instanceof Error && cause.cause ? cause.cause : cause),
        fix: 'copy the file again, or train it anew',
        cause,
      });
    }
  }

  /** Size of the images it takes, in pixels. */
  get inputSize(): Size {
    return this.model.inputSize;
  }

  /** How images of other sizes are brought to it. */
  get resize(): ResizeRule {
    return this.model.resize;
  }

  /** Length of an embedding. */
  get dimension(): number {
    return this.model.dimension;
  }

  /**
   * Embeds a batch.
   * @param pixels uint8 [n, inputSize.height, inputSize.width, 3], sRGB
   * @returns float32 [n, dimension], unit length
   */
  async embed(pixels: Uint8Array): Promise<Float32Array> {
    const { [modelOutput]: embeddings } = await this.program.run({ [modelInput]: pixels });
    return embeddings as Float32Array;
  }

  release(): Promise<void> {
    return this.program.release();
  }
}
