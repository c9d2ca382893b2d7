import { writeFileAtomic } from '../core/files.js';
import type { BackboneFlags } from '../embedding/backbone/backbone-spec.js';
import { decodeModel, type ModelFile } from '../embedding/model-file.js';
import { wrapFile } from '../embedding/open-model.js';
import { resizeWords } from '../embedding/resize-words.js';
import type { Size } from '../image/image.js';
import { requireWritableFile } from './require-writable.js';

export interface WrapModelOptions {
  /** Path of an ONNX model from elsewhere. */
  readonly backbone: string;
  /** Where the model file goes. */
  readonly out: string;
  /** How the model is to be used, as far as it is not found out. */
  readonly flags?: BackboneFlags;
  readonly signal?: AbortSignal;
}

/** A model file made of a model from elsewhere. */
export interface WrappedModel {
  /** Path of the model file. */
  readonly model: string;
  readonly modelId: string;
  readonly bytes: number;
  readonly inputSize: Size;
  /** How images of other sizes are brought to it. */
  readonly resize: string;
  /** Length of an embedding. */
  readonly dimension: number;
  /** How it was wrapped. */
  readonly recipe: Readonly<Record<string, unknown>>;
}

/** Makes a model file of an ONNX model from elsewhere. */
export async function wrapModel({ backbone, out, flags, signal }: WrapModelOptions): Promise<WrappedModel> {
  await requireWritableFile(out);
  const bytes = await wrapFile(backbone, flags);
  signal?.throwIfAborted();
  await writeFileAtomic(out, bytes);
  return describeWrapped(out, decodeModel(bytes, out));
}

export function describeWrapped(path: string, model: ModelFile): WrappedModel {
  const { id, bytes, inputSize, resize, dimension, metadata } = model;
  return {
    model: path,
    modelId: id,
    bytes: bytes.length,
    inputSize,
    resize: resizeWords(resize),
    dimension,
    recipe: metadata.recipe,
  };
}
