import type { BackboneFlags } from '../embedding/backbone/backbone-spec.js';
import { Embedder } from '../embedding/embedder.js';
import type { ModelMetadata, ModelValidation } from '../embedding/model-file.js';
import { resizeWords } from '../embedding/resize-words.js';
import { readCalibration, type StoredCalibration } from '../evaluation/calibration/index.js';
import type { Size } from '../image/image.js';

/** What a model file says of itself. */
export interface ModelDescription extends Omit<ModelMetadata, 'training'> {
  /** Path of the model file. */
  readonly model: string;
  /** SHA-256 of it as training wrote it; a calibration is not part of it. */
  readonly modelId: string;
  readonly bytes: number;
  /** Size of the images it takes. */
  readonly inputSize: Size;
  /** How others are brought to that size. */
  readonly resize: string;
  /** Length of an embedding. */
  readonly dimension: number;
  /** Version of the package that wrote it. */
  readonly packageVersion: string;
  /** Of the last epoch. */
  readonly loss: number | null;
  readonly lossByEpoch: readonly number[];
  /** How it did while it was trained; `null` where that was not looked at. */
  readonly validation: ModelValidation | null;
  /** What its scores mean; `null` where it has not been calibrated. */
  readonly calibration: StoredCalibration | null;
}

/** Reads a model file and loads it once, so that what is described is known to work. */
export async function describeModel(
  path: string,
  { backbone }: { readonly backbone?: BackboneFlags } = {},
): Promise<ModelDescription> {
  const embedder = await Embedder.open(path, { threads: 1, backbone });
  await embedder.release();
  const { id, bytes, calibration, inputSize, dimension, packageVersion, metadata } = embedder.model;
  const { lossByEpoch, validation = null } = metadata.training;
  return {
    model: path,
    modelId: id,
    bytes: bytes.length,
    inputSize,
    resize: resizeWords(embedder.resize),
    dimension,
    packageVersion,
    recipe: metadata.recipe,
    seed: metadata.seed,
    data: metadata.data,
    loss: lossByEpoch.at(-1) ?? null,
    lossByEpoch,
    validation,
    calibration: calibration === undefined ? null : readCalibration(calibration, path),
  };
}
