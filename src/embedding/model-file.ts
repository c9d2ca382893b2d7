import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ImagekinError, messageOf } from '../core/errors.js';
import {
  composeModels,
  decodeOnnx,
  emitGraph,
  encodeMetadata,
  type OnnxModel,
  type Tensor,
} from '../engine/index.js';
import type { Size } from '../image/image.js';
import { defaultResizeRule, type ResizeRule } from '../image/resize-rule.js';
import { modelInput, modelOutput } from './model-io.js';

/**
 * A model file is a plain ONNX file: input `images` uint8 [N, H, W, 3] (sRGB), output `embeddings` float32 [N, D] of unit
 * length. What made it stands in its `metadata_props`, as JSON under keys that begin with `imagekin.`. A calibration, where
 * there is one, stands behind all of it: what comes before is the file as training wrote it, and has the id.
 */
const formatVersion = 1;
const prefix = 'imagekin.';
const calibrationKeys = ['imagekin.calibration', 'imagekin.calibrationSha256'] as const;
const trainIt = 'make one with: imagekin train <source> -o model.onnx';

/** Stands in the place of the checksum while it is computed. */
const noChecksum = '0'.repeat(64);

/** The resize rule of models that imagekin trains, as it stands in their files. */
export const resizeRule = 'scale to cover, crop the centre';

export interface ModelMetadata {
  /** The recipe with all its options; of a model from elsewhere, how it was wrapped. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** `null` of a model that imagekin has not trained. */
  readonly seed: number | null;
  /** What it was trained on; `null` where that was elsewhere. */
  readonly data: TrainingData | null;
  /** The model that it stands on, which was not trained along. Left out where it takes pixels itself. */
  readonly backbone?: { readonly id: string; readonly recipe: Readonly<Record<string, unknown>> };
  readonly training: {
    /** Empty of a model that imagekin has not trained. */
    readonly lossByEpoch: readonly number[];
    /** Left out where nothing was validated. */
    readonly validation?: ModelValidation;
    /** Every validation, in their order. Left out where there was none, and by earlier versions. */
    readonly validations?: readonly ValidatedAt[];
  };
}

export interface TrainingData {
  readonly name: string;
  readonly fingerprint: string;
  readonly images: number;
  readonly classes: readonly string[];
}

/** How a model did on images that it was not trained on, while it was trained. */
export interface ModelValidation {
  /** The images, as `emoji:test`. */
  readonly source: string;
  readonly metric: string;
  /** Whether these are the weights of the best validation or of the last. */
  readonly kept: 'best' | 'last';
  readonly best: ValidatedAt;
  readonly last: ValidatedAt;
  /** What decided when it was validated and when training stopped. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ValidatedAt {
  readonly value: number;
  readonly epoch: number;
  readonly step: number;
}

export interface ModelFile {
  /**
   * SHA-256 of the file as training wrote it, in hexadecimal. A calibration is not part of it: equal ids mean equal
   * vectors, and vectors once computed stay good when their model is calibrated.
   */
  readonly id: string;
  /** The whole file. */
  readonly bytes: Uint8Array;
  /** What its scores mean, as it was put there; `undefined` where it has not been calibrated. */
  readonly calibration: unknown;
  /** Size of the images it takes. */
  readonly inputSize: Size;
  /** How images of other sizes are brought to it. */
  readonly resize: ResizeRule;
  /** Length of an embedding. */
  readonly dimension: number;
  readonly metadata: ModelMetadata;
  /** Version of the package that wrote it. */
  readonly packageVersion: string;
  /** Whether it lies nowhere in this form: a model from elsewhere that was wrapped when it was opened. Default false. */
  readonly isWrappedInMemory?: boolean;
}

/** Writes a graph from `images` to `embeddings` as a model file. */
export function encodeModel(
  graph: { readonly embeddings: Tensor; readonly bindings: ReadonlyMap<Tensor, Tensor> },
  metadata: ModelMetadata,
): Uint8Array {
  const bytes = emitGraph({
    outputs: { [modelOutput]: graph.embeddings },
    bindings: graph.bindings,
    target: 'portable',
    metadata: modelEntries(metadata),
  });
  return sealModel(bytes);
}

/** Writes a graph from the embeddings of a model to others as a model file that holds both. Its input is named `features`. */
export function encodeHead(
  graph: { readonly embeddings: Tensor; readonly bindings: ReadonlyMap<Tensor, Tensor> },
  { bytes, id, resize, metadata: { recipe } }: ModelFile,
  metadata: ModelMetadata,
): Uint8Array {
  const head = emitGraph({
    outputs: { [modelOutput]: graph.embeddings },
    bindings: graph.bindings,
    target: 'portable',
  });
  const entries = modelEntries({ ...metadata, backbone: { id, recipe } }, resize);
  return sealModel(composeModels(bytes, head, { output: modelOutput, input: 'features' }, entries));
}

/** What stands in the `metadata_props` of a model file, the last of them a checksum that `sealModel` will put there. */
export function modelEntries(
  metadata: ModelMetadata,
  resize: ResizeRule | typeof resizeRule = resizeRule,
): Record<string, string> {
  const entries = { format: formatVersion, resize, ...metadata, sha256: noChecksum };
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [`${prefix}${key}`, JSON.stringify(value)]),
  );
}

/** Makes a model file of an ONNX file that ends with `modelEntries`: puts the checksum into it, in its place. */
export function sealModel(bytes: Uint8Array): Uint8Array {
  Buffer.from(sha256(bytes), 'latin1').copy(bytes, checksumAt(bytes, noChecksum));
  return bytes;
}

/** Where the checksum stands: at the end, being the last of the metadata. */
function checksumAt(bytes: Uint8Array, checksum: string): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = view.lastIndexOf(checksum);
  if (at < 0) throw new RangeError('no checksum');
  return at;
}

/** The model file with a calibration, any JSON value, in the place of the one it may have. */
export function withCalibration({ id, bytes }: ModelFile, calibration: object): Uint8Array {
  const [key, checksumKey] = calibrationKeys;
  const text = JSON.stringify(calibration);
  const { model } = withoutCalibration(bytes, decodeOnnx(bytes));
  return Buffer.concat([
    model,
    encodeMetadata({ [key]: text, [checksumKey]: JSON.stringify(calibrationChecksum(id, text)) }),
  ]);
}

/** Over the id as well, so that one model's calibration is not taken for another's. */
function calibrationChecksum(id: string, text: string): string {
  return sha256(Buffer.from(`${id}\n${text}`));
}

/** A file as training wrote it, and the entries that were put behind it. */
function withoutCalibration(bytes: Uint8Array, { metadataProps }: OnnxModel) {
  const entries = Object.fromEntries(
    metadataProps
      .filter(({ key }) => (calibrationKeys as readonly string[]).includes(key))
      .map(({ key, value }) => [key, value]),
  );
  const behind = encodeMetadata(entries);
  const model = bytes.subarray(0, bytes.length - behind.length);
  if (Buffer.compare(bytes.subarray(model.length), behind) !== 0)
    throw new RangeError('a calibration that does not stand at the end');
  const [text, checksum] = calibrationKeys.map((key) => entries[key]);
  if ((text === undefined) !== (checksum === undefined)) throw new RangeError('half of a calibration');
  return { model, text, checksum };
}

/** The checksum of a file as it was before it had one. Models of hundreds of megabytes are not copied for that. */
function checksumOf(bytes: Uint8Array, checksum: string): string {
  const at = checksumAt(bytes, checksum);
  return sha256(bytes.subarray(0, at), Buffer.from(noChecksum), bytes.subarray(at + checksum.length));
}

function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/**
 * Reads a model file.
 * @throws `file-not-found`; `model-foreign` where it is no ONNX file, or one that imagekin did not write; `model-damaged`
 * where it is not whole
 */
export async function readModelFile(path: string): Promise<ModelFile> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new ImagekinError('file-not-found', {
      where: path,
      expected: 'a model file',
      got: cause.code === 'ENOENT' ? 'nothing there' : messageOf(cause),
      fix: `check the path, or ${trainIt}`,
      cause,
    });
  });
  return decodeModel(bytes, path);
}

/** Reads a model file's bytes; `where` names it in errors. */
export function decodeModel(bytes: Uint8Array, where: string): ModelFile {
  try {
    return modelOf(decodeOnnx(bytes), bytes, where);
  } catch (cause) {
    throw cause instanceof ImagekinError ? cause : damagedOrForeign(bytes, where, cause);
  }
}

/** Throws whatever comes where something is missing. */
function modelOf(model: OnnxModel, bytes: Uint8Array, where: string): ModelFile {
  if (model.graph && model.producerName !== 'imagekin')
    throw foreign(where, 'an ONNX file that it did not write');
  const entries = new Map(model.metadataProps.map(({ key, value }) => [key, value]));
  const entry = <T>(key: string): T => JSON.parse(entries.get(prefix + key)!) as T;
  const version = entry<number>('format');
  if (version !== formatVersion) {
    throw foreign(
      where,
      `one of format ${version}; this version reads ${formatVersion}`,
      'update imagekin, or train it anew',
    );
  }
  const calibration = withoutCalibration(bytes, model);
  const checksum = entry<string>('sha256');
  if (checksumOf(calibration.model, checksum) !== checksum)
    throw new RangeError('bytes that do not match their checksum');
  const id = sha256(calibration.model);
  if (
    calibration.text !== undefined &&
    JSON.stringify(calibrationChecksum(id, calibration.text)) !== calibration.checksum
  )
    throw new RangeError('a calibration that does not match its checksum');
  const [, height, width] = shapeOf(model.graph.input, modelInput, 4);
  const [, dimension] = shapeOf(model.graph.output, modelOutput, 2);
  return {
    id,
    bytes,
    calibration: calibration.text === undefined ? undefined : (JSON.parse(calibration.text) as unknown),
    inputSize: { height: height!, width: width! },
    resize: resizeOf(entry('resize')),
    dimension: dimension!,
    packageVersion: model.producerVersion,
    metadata: {
      recipe: entry('recipe'),
      seed: entry('seed'),
      data: entry('data'),
      ...(entries.has(`${prefix}backbone`) && {
        backbone: entry<NonNullable<ModelMetadata['backbone']>>('backbone'),
      }),
      training: entry('training'),
    },
  };
}

/** Models that imagekin trains all have one rule, which stands there in words. */
function resizeOf(entry: string | ResizeRule): ResizeRule {
  return typeof entry === 'string' ? defaultResizeRule : entry;
}

function shapeOf(values: OnnxModel['graph']['input'], name: string, rank: number): number[] {
  const { dim } = values.find((value) => value.name === name)!.type.tensorType.shape;
  if (dim.length !== rank) throw new RangeError(`'${name}' has ${dim.length} axes`);
  return dim.map(({ dimValue = 0 }) => dimValue);
}

function foreign(where: string, got: string, fix = trainIt): ImagekinError {
  return new ImagekinError('model-foreign', { where, expected: 'a model file of imagekin', got, fix });
}

/** A file that begins as ours do but cannot be read was cut or overwritten; any other is none of ours. */
function damagedOrForeign(bytes: Uint8Array, where: string, cause: unknown): ImagekinError {
  const beginning = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  if (!beginning.includes('imagekin'))
    return foreign(where, bytes.length === 0 ? 'an empty file' : 'another kind of file');
  return new ImagekinError('model-damaged', {
    where,
    expected: 'a whole model file',
    got: `${bytes.length} bytes that do not decode`,
    fix: 'copy it again, or train it anew',
    cause,
  });
}
