import { ImagekinError, messageOf } from '../../core/errors.js';
import { onnxValueInfo } from '../onnx-model.js';
import { forAnyBatch } from './any-batch.js';
import {
  chosenOutput,
  type ImageInput,
  imageInput,
  type KnownShape,
  knownValue,
  shapeOf,
} from './backbone-form.js';
import { externalFiles, inlineExternalData, mostModelBytes, tooLarge } from './external-data.js';
import { keepNeeded } from './keep-needed.js';
import { type OnnxFile, readOnnxFile, renameValues, writeOnnxFile } from './onnx-file.js';
import { planPooling, writePooling } from './pooling.js';
import type { Pooling } from './pooling-names.js';
import { elementType, freePrefix, PortableNodes } from './portable-nodes.js';
import { probe } from './probe.js';
import { ropeLength } from './wire.js';

/** The oldest version of standard ONNX whose operations the nodes that are put around a model can be written in. */
const oldestOpset = 8;
/** Smallest squared length that is divided by, as in `l2Normalize`. */
const smallestSquaredLength = 1e-12;

/** How a model from elsewhere is to take images and give vectors. */
export interface BackboneGraphOptions {
  /** In pixels. */
  readonly inputSize: { readonly height: number; readonly width: number };
  /** The order in which it takes colours. */
  readonly channels: 'rgb' | 'bgr';
  /** A value v of a pixel, 0 to 255, becomes (v · rescale − mean) / std; both by red, green, blue. */
  readonly rescale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** The output, or inner value, to take. Default: the likeliest. */
  readonly output?: string;
  /** Default: by the shape of that value. */
  readonly pooling?: Pooling;
  /** With `mean`: how many tokens at the beginning are no patches and left out. Default 0. */
  readonly skipTokens?: number;
  /** Whether vectors are scaled to unit length. */
  readonly normalize: boolean;
  /** What the input and the output are called. */
  readonly names: { readonly input: string; readonly output: string };
  /** What errors call the model. */
  readonly where: string;
  /** Where files with its weights lie, if it has any. */
  readonly directory?: string;
  /** Metadata of the file, made of what was found out. */
  readonly metadata?: (found: Pick<BackboneGraph, 'output' | 'pooling'>) => Readonly<Record<string, string>>;
}

export interface BackboneGraph {
  /** An ONNX file from uint8 [N, height, width, 3] to float32 [N, dimension]. */
  readonly onnx: Uint8Array;
  readonly dimension: number;
  /** What was taken, and how vectors were made of it. */
  readonly output: string;
  readonly pooling: Pooling;
}

/** What can be told of a model from its file. */
export interface BackboneFacts extends Pick<ImageInput, 'height' | 'width' | 'layout'> {
  /** The value that would be taken. */
  readonly output: string;
  /** Names of files beside it that hold its weights. */
  readonly externalFiles: readonly string[];
}

/** @throws `backbone-unsuitable` */
export function inspectBackbone(
  bytes: Uint8Array,
  { where, output }: { readonly where: string; readonly output?: string },
): BackboneFacts {
  const file = read(bytes, where);
  const chosen = chosenOutput(file, output, where);
  const { height, width, layout } = imageInput(keepNeeded(file, [chosen]), where);
  return { output: chosen, height, width, layout, externalFiles: externalFiles(file) };
}

/** Names of the files beside an ONNX file that hold weights of it. */
export function externalFilesOf(bytes: Uint8Array, where: string): string[] {
  return externalFiles(read(bytes, where));
}

/**
 * Puts preprocessing before a model and pooling behind it, in standard ONNX, in the version that the model is in. What the
 * chosen output does not need is left out, as the text tower of a model of images and texts. Equal arguments give equal bytes.
 * @throws `backbone-unsuitable` where the model cannot be used so
 */
export async function backboneGraph(
  bytes: Uint8Array,
  options: BackboneGraphOptions,
): Promise<BackboneGraph> {
  const { where, directory, names } = options;
  const whole = read(bytes, where);
  const output = chosenOutput(whole, options.output, where);
  const kept = await inlineExternalData(keepNeeded(whole, [output]), { where, directory });
  if (kept.initializers.reduce((sum, { message }) => sum + ropeLength(message), 0) > mostModelBytes)
    throw tooLarge(where);
  const image = imageInput(kept, where);
  requireSize(image, options);
  const prefix = freePrefix([kept], 'imagekin');
  const reserved = [names.input, names.output];
  const nameOf = (name: string) => (reserved.includes(name) ? `${prefix}own/${name}` : name);
  const asItIs: Model = {
    file: renameValues(kept, nameOf),
    image: { ...image, name: nameOf(image.name) },
    output: nameOf(output),
    prefix,
  };

  const known = knownValue(whole, output);
  const shape = shapeOf(known);
  const needsProbe = !tellsEnough(shape, options.pooling) || image.batch !== undefined;
  const { model, dims } = needsProbe
    ? await probed(asItIs, options)
    : { model: asItIs, dims: shape!.map((length) => length ?? 0) };
  const plan = planPooling(dims, { wish: options.pooling, layout: image.layout, where, output });
  const isFloat32 = known?.type.tensorType.elemType === elementType.float32;
  const onnx = write(
    model,
    options,
    (nodes, value) => {
      const floats = isFloat32 ? value : nodes.add('Cast', [value], { to: elementType.float32 });
      const { skipTokens = 0 } = options;
      const pooled = writePooling(nodes, floats, plan, { rank: dims.length, skipTokens });
      if (!options.normalize) return { name: pooled, dims: [plan.dimension] };
      const squared = nodes.reduce('ReduceSumSquare', pooled, [1], true);
      const least = nodes.constant('float32', [], [smallestSquaredLength]);
      const length = nodes.add('Sqrt', [nodes.add('Max', [squared, least])]);
      return { name: nodes.add('Div', [pooled, length]), dims: [plan.dimension] };
    },
    options.metadata?.({ output, pooling: plan.pooling }),
  );
  return { onnx, dimension: plan.dimension, output, pooling: plan.pooling };
}

/** Whether vectors can be made of a value by what the file says of its shape; loading a large model takes seconds. */
function tellsEnough(shape: KnownShape, pooling: Pooling | undefined): boolean {
  if (shape === undefined || shape.length < 2) return false;
  // How many tokens there are does not matter where it is said what to make of them; how many images never does.
  const isOpen = shape.map((length) => length === undefined);
  if (shape.length === 3 && pooling !== undefined) return !isOpen[2];
  return !isOpen.slice(1).includes(true);
}

/** A model cut to what is needed, with no name that ours will have. */
interface Model {
  readonly file: OnnxFile;
  readonly image: ImageInput;
  readonly output: string;
  readonly prefix: string;
}

function read(bytes: Uint8Array, where: string): OnnxFile {
  let file: OnnxFile;
  try {
    file = readOnnxFile(bytes);
  } catch (cause) {
    throw new ImagekinError('backbone-unsuitable', {
      where,
      expected: 'a whole ONNX file',
      got: messageOf(cause),
      fix: 'export or download it again',
      cause,
    });
  }
  const opset = file.opsets.get('') ?? 0;
  if (opset >= oldestOpset) return file;
  throw new ImagekinError('backbone-unsuitable', {
    where,
    expected: `ONNX of operation set ${oldestOpset} or later`,
    got: `${opset}`,
    fix: 'export it anew, or convert it with onnx.version_converter',
  });
}

function requireSize({ height, width }: ImageInput, { inputSize, where }: BackboneGraphOptions): void {
  if ((height ?? inputSize.height) === inputSize.height && (width ?? inputSize.width) === inputSize.width)
    return;
  throw new ImagekinError('backbone-unsuitable', {
    where,
    expected: `images of ${width ?? 'any'}×${height ?? 'any'}, as it was exported for`,
    got: `an input size of ${inputSize.width}×${inputSize.height}`,
    fix: `give --input-size ${width ?? inputSize.width}x${height ?? inputSize.height}, or preprocessing made for it`,
  });
}

/** Writes the model with preprocessing, and behind it what `finish` adds, which says what the result is. */
function write(
  { file, image, output, prefix }: Model,
  options: BackboneGraphOptions,
  finish: (
    nodes: PortableNodes,
    value: string,
  ) => { readonly name: string; readonly dims?: readonly number[] },
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { inputSize, names } = options;
  const opset = file.opsets.get('')!;
  const before = new PortableNodes(`${prefix}before/`, opset);
  writePreprocessing(before, image, options);
  const after = new PortableNodes(`${prefix}after/`, opset);
  const { name, dims = [] } = finish(after, output);
  after.add('Identity', [name], {}, names.output);
  return writeOnnxFile(
    {
      ...file,
      nodes: [...before.nodes, ...file.nodes, ...after.nodes],
      initializers: [...before.initializers, ...file.initializers, ...after.initializers],
      inputs: [onnxValueInfo(names.input, 'uint8', ['N', inputSize.height, inputSize.width, 3])],
      outputs: [
        dims.length > 0
          ? onnxValueInfo(names.output, 'float32', ['N', ...dims])
          : ({ name: names.output } as ReturnType<typeof onnxValueInfo>),
      ],
    },
    metadata,
  );
}

/** From bytes as they are decoded to what the model takes. */
function writePreprocessing(nodes: PortableNodes, image: ImageInput, options: BackboneGraphOptions): void {
  const { channels, rescale, mean, std, names } = options;
  const isReversed = channels === 'bgr';
  let value = names.input;
  if (isReversed) value = nodes.add('Gather', [value, nodes.constant('int64', [3], [2, 1, 0])], { axis: 3 });
  // While they are bytes, that is a quarter of the traffic.
  if (image.layout === 'NCHW') value = nodes.add('Transpose', [value], { perm: [0, 3, 1, 2] });
  const inOrder = (values: readonly number[]) => (isReversed ? values.toReversed() : values);
  const perChannel = (values: readonly number[]) => {
    const isOne = values.every((each) => each === values[0]);
    const shape = image.layout === 'NCHW' ? [1, 3, 1, 1] : [1, 1, 1, 3];
    return nodes.constant('float32', isOne ? [] : shape, isOne ? [values[0]!] : inOrder(values));
  };
  // (v · rescale − mean) / std as one product and one sum.
  const scale = std.map((deviation) => rescale / deviation);
  const shift = mean.map((each, channel) => -each / std[channel]!);
  const isScaled = scale.some((each) => each !== 1);
  const isShifted = shift.some((each) => each !== 0);
  if (image.elemType !== elementType.uint8 || isScaled || isShifted) {
    value = nodes.add('Cast', [value], { to: elementType.float32 });
    if (isScaled) value = nodes.add('Mul', [value, perChannel(scale)]);
    if (isShifted) value = nodes.add('Add', [value, perChannel(shift)]);
    if (image.elemType !== elementType.float32) value = nodes.add('Cast', [value], { to: image.elemType });
  }
  nodes.add('Identity', [value], {}, image.name);
}

/** The shape of the chosen value, and the model in the form in which it takes any number of images. */
async function probed(
  asItIs: Model,
  options: BackboneGraphOptions,
): Promise<{ readonly model: Model; readonly dims: readonly number[] }> {
  try {
    return { model: asItIs, dims: await probedShape(asItIs, options) };
  } catch (error) {
    if (asItIs.image.batch === undefined) throw error;
    const model = { ...asItIs, file: forAnyBatch(asItIs.file, `${asItIs.prefix}any/`) };
    const dims = await probedShape(model, options).catch(() => {
      throw error;
    });
    return { model, dims };
  }
}

/**
 * The shape of the chosen value, found by running the model on noise. A model that was exported for one number of images is
 * held to give each of them the same vector, whatever it stands beside.
 */
async function probedShape(model: Model, options: BackboneGraphOptions): Promise<readonly number[]> {
  const { where, inputSize } = options;
  const onnx = write(model, options, (nodes, value) => ({
    name: nodes.add('Cast', [value], { to: elementType.float32 }),
  }));
  const length = inputSize.height * inputSize.width * 3;
  const noise = Uint8Array.from(
    { length: 2 * length },
    (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 24) & 255,
  );
  const [first, second] = [noise.subarray(0, length), noise.subarray(length)];
  const isFixed = model.image.batch !== undefined;
  const one = { count: 1, pixels: first };
  const batches = isFixed ? [one, { count: 1, pixels: second }, { count: 2, pixels: noise }] : [one];
  const results = await probe(onnx, batches, inputSize).catch((cause: unknown) => {
    throw new ImagekinError('backbone-unsuitable', {
      where,
      expected: isFixed ? 'a model that takes any number of images' : 'a model that ONNX Runtime runs',
      got: `${isFixed ? `one exported for ${model.image.batch}: ` : ''}${messageOf(cause)}`,
      fix: isFixed ? 'export it with a dynamic batch axis' : 'check its input size, or export it anew',
      cause,
    });
  });
  if (isFixed)
    requireIndependent(
      results.map(({ values }) => values),
      model,
      where,
    );
  return results[0]!.dims;
}

function requireIndependent([a, b, both]: readonly Float32Array[], { image }: Model, where: string): void {
  const alone = [...a!, ...b!];
  const largest = alone.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (
    both!.length === alone.length &&
    alone.every((value, i) => Math.abs(value - both![i]!) <= 1e-3 * largest + 1e-6)
  )
    return;
  throw new ImagekinError('backbone-unsuitable', {
    where,
    expected: 'a model that takes any number of images',
    got: `one exported for ${image.batch}, which mixes up several`,
    fix: 'export it with a dynamic batch axis',
  });
}
