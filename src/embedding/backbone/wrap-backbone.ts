import { type BackboneGraph, backboneGraph } from '../../engine/index.js';
import { type ModelMetadata, modelEntries, sealModel } from '../model-file.js';
import { modelInput, modelOutput } from '../model-io.js';
import type { BackboneSpec } from './backbone-spec.js';

export interface WrapOptions {
  /** What errors call the model. */
  readonly where: string;
  /** Where files with its weights lie, if it has any (`model.onnx_data`). */
  readonly directory?: string;
  /** Its name, for the metadata: that of its file, or of its place on the hub. */
  readonly source: string;
  /**
   * Whether vectors are scaled to unit length, as those of model files are. Otherwise they are features to train a head on.
   * Default true.
   */
  readonly normalize?: boolean;
}

/**
 * Makes a model file of an ONNX model from elsewhere: images → its preprocessing → the model → pooling → unit length. Equal
 * arguments give equal bytes.
 * @throws `backbone-unsuitable`
 */
export async function wrapBackbone(
  bytes: Uint8Array,
  spec: BackboneSpec,
  { where, directory, source, normalize = true }: WrapOptions,
): Promise<Uint8Array> {
  // What is chosen by looking at the model is found out first, so that it can be written down.
  const metadata = ({ output, pooling }: Pick<BackboneGraph, 'output' | 'pooling'>) =>
    modelEntries(wrappedMetadata({ ...spec, output, pooling }, source), spec.resize);
  const { onnx } = await backboneGraph(bytes, {
    ...spec,
    normalize,
    names: { input: modelInput, output: modelOutput },
    where,
    directory,
    metadata,
  });
  return sealModel(onnx);
}

/** What a model file says that was not trained here: how the model was wrapped. */
function wrappedMetadata(spec: BackboneSpec, source: string): ModelMetadata {
  const { license = null, resize: _, ...form } = spec;
  return {
    recipe: { name: 'backbone', source, license, ...form },
    seed: null,
    data: null,
    training: { lossByEpoch: [] },
  };
}
