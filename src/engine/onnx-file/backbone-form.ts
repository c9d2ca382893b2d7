import { ImagekinError } from '../../core/errors.js';
import type { OnnxValueInfo } from '../onnx-model.js';
import type { OnnxFile } from './onnx-file.js';
import { elementType } from './portable-nodes.js';

/** How a model takes the channels of an image: behind its rows and columns, or before them. */
export type ImageLayout = 'NHWC' | 'NCHW';

/** Lengths of the axes of a value, `undefined` for those that are open; `undefined` where even their number is not told. */
export type KnownShape = readonly (number | undefined)[] | undefined;

/** The input of a model that takes images. */
export interface ImageInput {
  readonly name: string;
  readonly elemType: number;
  readonly layout: ImageLayout;
  /** `undefined` where any size will do, as far as the file tells. */
  readonly height: number | undefined;
  readonly width: number | undefined;
  /** `undefined` where any number of images may be given. */
  readonly batch: number | undefined;
}

/** Finds the one input that takes images, of what is left of a file when only what an output needs is kept. */
export function imageInput(file: OnnxFile, where: string): ImageInput {
  const { inputs } = file;
  const images = inputs.filter((input) => shapeOf(input)?.length === 4);
  const [image] = images;
  if (image === undefined || images.length > 1 || inputs.length > 1)
    throw new ImagekinError('backbone-unsuitable', {
      where,
      expected: 'one input, which takes images',
      got: inputs.length === 0 ? 'none' : inputs.map(describe).join(', '),
      fix: 'export the image tower alone, or name an output that needs nothing but the images with --output',
    });
  const shape = shapeOf(image)!;
  const layout = layoutOf(image, file);
  const [height, width, channels] = (layout === 'NHWC' ? [1, 2, 3] : [2, 3, 1]).map((axis) => shape[axis]);
  if (channels !== undefined && channels !== 3)
    throw unsuitable(where, 'images of 3 channels', describe(image));
  const { elemType } = image.type.tensorType;
  const known: readonly number[] = [
    elementType.float32,
    elementType.float16,
    elementType.float64,
    elementType.uint8,
  ];
  if (!known.includes(elemType))
    throw unsuitable(where, 'images of float32, float16, float64 or uint8', `element type ${elemType}`);
  return { name: image.name, elemType, layout, height, width, batch: shape[0] };
}

function unsuitable(where: string, expected: string, got: string): ImagekinError {
  return new ImagekinError('backbone-unsuitable', { where, expected, got, fix: 'export it so' });
}

/** By the axis that has 3 elements; else by what the axes are called; else by what the images go into first. */
function layoutOf(image: OnnxValueInfo, file: OnnxFile): ImageLayout {
  const shape = shapeOf(image)!;
  if (shape[1] === 3) return 'NCHW';
  if (shape[3] === 3) return 'NHWC';
  const isNamedChannels = (axis: number) =>
    /chan|^c$/i.test(image.type.tensorType.shape.dim[axis]?.dimParam ?? '');
  if (isNamedChannels(1)) return 'NCHW';
  if (isNamedChannels(3)) return 'NHWC';
  const first = file.nodes.find(({ inputs }) => inputs.includes(image.name));
  return first?.opType === 'Transpose' ? 'NHWC' : 'NCHW';
}

/** Outputs in the order in which they are likely to be the embedding of an image. */
const likelyOutputs = ['image_embeds', 'embeddings', 'image_features', 'pooler_output', 'last_hidden_state'];

/**
 * The name of the value that is to be the embedding: the output or inner value that was named, else the likeliest output.
 */
export function chosenOutput(file: OnnxFile, wish: string | undefined, where: string): string {
  const names = file.outputs.map(({ name }) => name);
  if (wish === undefined) {
    const known = likelyOutputs.find((name) => names.includes(name));
    const matrix = file.outputs.find((output) => shapeOf(output)?.length === 2);
    return known ?? matrix?.name ?? names[0]!;
  }
  if (wish === 'penultimate' && !names.includes(wish)) return beforeClassifier(file, where);
  const given = names.includes(wish) || file.nodes.some(({ outputs }) => outputs.includes(wish));
  if (given) return wish;
  throw new ImagekinError('backbone-unsuitable', {
    where,
    expected: `an output or inner value '${wish}'`,
    got: `outputs ${names.join(', ')}`,
    fix: 'name one of these, or the exact name of an inner value',
  });
}

/** What the last matrix product before the first output takes: of a classifier, its features. */
function beforeClassifier(file: OnnxFile, where: string): string {
  const producers = new Map(file.nodes.flatMap((node) => node.outputs.map((output) => [output, node])));
  const weights = new Set(file.initializers.map(({ name }) => name));
  let value: string | undefined = file.outputs[0]?.name;
  while (value !== undefined) {
    const node = producers.get(value);
    // Biases, softmax, casts and the like keep one input that is no weight.
    const inputs = (node?.inputs ?? []).filter((name) => name !== '' && !weights.has(name));
    if (node?.opType === 'Gemm' || node?.opType === 'MatMul') return node.inputs[0]!;
    value = inputs[0];
  }
  throw new ImagekinError('backbone-unsuitable', {
    where,
    expected: 'a classifier that ends with a matrix product',
    got: `outputs ${file.outputs.map(({ name }) => name).join(', ')}`,
    fix: 'name the value to take with --output',
  });
}

/** What the file tells of the shape and element type of a value. */
export function knownValue(file: OnnxFile, name: string): OnnxValueInfo | undefined {
  return [...file.outputs, ...file.values].find((value) => value.name === name);
}

export function shapeOf(value: OnnxValueInfo | undefined): KnownShape {
  // A dimension of 0 is what some exporters write for one that they do not know.
  return value?.type?.tensorType?.shape?.dim?.map(({ dimValue }) => dimValue || undefined);
}

function describe(value: OnnxValueInfo): string {
  const dims = value.type?.tensorType?.shape?.dim?.map(
    ({ dimValue, dimParam }) => dimValue || dimParam || '?',
  );
  return `${value.name} [${dims?.join(', ') ?? 'of unknown shape'}]`;
}
