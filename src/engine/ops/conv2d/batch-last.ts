import type { Emission, Lowering } from '../../tensor.js';
import { type Conv2dAttributes, type Conv2dGeometry, coveredPixel, fixedBatch } from './geometry.js';
import { windowKey } from './im2col.js';

// Convolutions of CHWN maps, [channels, height, width, N]. Whatever moves pixels moves rows of N numbers, and all three
// matrix products have the long axis of pixels and images where they run at full speed, without a transpose.

type Writer = Pick<Emission<unknown>, 'add' | 'constant' | 'once'>;

const list = ({ constant }: Writer, ...values: number[]) => constant('int64', [values.length], values);

/** Positions of the kernel on one image, row by row. */
const positions = (g: Conv2dGeometry) => g.outHeight * g.outWidth;
const taps = (g: Conv2dGeometry) => g.kernelHeight * g.kernelWidth;
const patchLength = (g: Conv2dGeometry) => g.inChannels * taps(g);

/** For every tap of the kernel and every position of it: the pixel that is under it, `undefined` for padding. */
function pixelsUnderTaps(g: Conv2dGeometry, attributes: Conv2dAttributes): (number | undefined)[] {
  return Array.from({ length: taps(g) * positions(g) }, (_, entry) => {
    const [tap, position] = [Math.floor(entry / positions(g)), entry % positions(g)];
    return coveredPixel(g, attributes, position, tap);
  });
}

/** The im2col matrix: a row per channel and tap, float32 [in·kh·kw, outHeight·outWidth·N]. */
function writePatches(writer: Writer, x: string, g: Conv2dGeometry, attributes: Conv2dAttributes): string {
  const { add, constant, once } = writer;
  const { stride, padding } = attributes;
  const window = windowKey(g, stride, padding);
  return once(`patches ${x} ${window}`, () => {
    const [pixels, batch] = [g.height * g.width, fixedBatch(g)];
    const table = once(`pixels under taps ${window}`, () => {
      const sources = pixelsUnderTaps(g, attributes).map((pixel) => pixel ?? pixels);
      return constant('int64', [sources.length], sources);
    });
    let rows = add('Reshape', [x, list(writer, g.inChannels, pixels, batch)]);
    if (padding > 0) {
      const zeros = new Float32Array(g.inChannels * batch);
      rows = add('Concat', [rows, constant('float32', [g.inChannels, 1, batch], zeros)], { axis: 1 });
    }
    const gathered = add('Gather', [rows, table], { axis: 1 });
    return add('Reshape', [gathered, list(writer, patchLength(g), positions(g) * batch)]);
  });
}

export function writeForward(emission: Emission<Conv2dAttributes>, g: Conv2dGeometry): void {
  const { add, inputs, outputs, attributes } = emission;
  const [x, weights, bias] = inputs as [string, string, string?];
  const patches = writePatches(emission, x, g, attributes);
  const matrix = add('Reshape', [weights, list(emission, g.outChannels, patchLength(g))]);
  const column = bias && add('Reshape', [bias, list(emission, g.outChannels, 1)]);
  const product = add('Gemm', [matrix, patches, ...(column ? [column] : [])]);
  const shape = list(emission, g.outChannels, g.outHeight, g.outWidth, fixedBatch(g));
  add('Reshape', [product, shape], {}, outputs);
}

export function weightGradientLowerings<A extends Conv2dAttributes>(g: Conv2dGeometry): Lowering<A>[] {
  const operands = ({ add, inputs, attributes, ...emission }: Emission<A>) => {
    const writer = { add, ...emission };
    const gradient = list(writer, g.outChannels, positions(g) * fixedBatch(g));
    return {
      patches: writePatches(writer, inputs[0]!, g, attributes),
      gradient: add('Reshape', [inputs[1]!, gradient]),
      shape: list(writer, g.outChannels, g.inChannels, g.kernelHeight, g.kernelWidth),
    };
  };
  return [
    {
      name: 'patches-first',
      emit(emission) {
        const { patches, gradient, shape } = operands(emission);
        const product = emission.add('FusedMatMul', [patches, gradient], { transB: 1 });
        const turned = emission.add('Transpose', [product], { perm: [1, 0] });
        emission.add('Reshape', [turned, shape], {}, emission.outputs);
      },
    },
    {
      name: 'gradient-first',
      emit(emission) {
        const { patches, gradient, shape } = operands(emission);
        const product = emission.add('FusedMatMul', [gradient, patches], { transB: 1 });
        emission.add('Reshape', [product, shape], {}, emission.outputs);
      },
    },
  ];
}

/** One matrix product, then the transpose of im2col: every pixel is the sum of the entries that were copied from it. */
export function inputGradientLowerings<A extends Conv2dAttributes>(g: Conv2dGeometry): Lowering<A>[] {
  const by = (name: string, write: (emission: Emission<A>, entries: string) => string): Lowering<A> => ({
    name,
    emit(emission) {
      const { add, inputs, outputs } = emission;
      const batch = fixedBatch(g);
      const gradient = add('Reshape', [inputs[0]!, list(emission, g.outChannels, positions(g) * batch)]);
      const matrix = add('Reshape', [inputs[1]!, list(emission, g.outChannels, patchLength(g))]);
      const entries = add('FusedMatMul', [matrix, gradient], { transA: 1 });
      const shape = list(emission, g.inChannels, g.height, g.width, batch);
      add('Reshape', [write(emission, entries), shape], {}, outputs);
    },
  });
  return [
    by('sums', (emission, entries) => writeSums(emission, entries, g, emission.attributes)),
    by('maps', (emission, entries) => writeMaps(emission, entries, g, emission.attributes)),
  ];
}

/**
 * Pixels that were copied equally often are summed together, so that nothing is added that is zero, and put in their
 * places afterwards.
 */
function writeSums(writer: Writer, entries: string, g: Conv2dGeometry, attributes: Conv2dAttributes): string {
  const { add, constant } = writer;
  const [pixels, batch] = [g.height * g.width, fixedBatch(g)];
  const copies: number[][] = Array.from({ length: pixels }, () => []);
  for (const [entry, pixel] of pixelsUnderTaps(g, attributes).entries()) {
    if (pixel !== undefined) copies[pixel]!.push(entry);
  }
  const rows = add('Reshape', [entries, list(writer, g.inChannels, taps(g) * positions(g), batch)]);
  const parts: string[] = [];
  const places = new Array<number>(pixels).fill(0);
  let row = 0;
  for (let count = 0; count <= taps(g); count++) {
    const members = [...copies.keys()].filter((pixel) => copies[pixel]!.length === count);
    if (members.length === 0) continue;
    if (count === 0) {
      // One row of zeros does for all pixels that are under no tap.
      parts.push(constant('float32', [g.inChannels, 1, batch], new Float32Array(g.inChannels * batch)));
      for (const pixel of members) places[pixel] = row;
      row++;
      continue;
    }
    const copied = Array.from({ length: count }, (_, i) => {
      const sources = members.map((pixel) => copies[pixel]![i]!);
      return add('Gather', [rows, constant('int64', [sources.length], sources)], { axis: 1 });
    });
    // `Sum` of the same takes twice as long: it works in one thread.
    parts.push(copied.reduce((sum, next) => add('Add', [sum, next])));
    for (const pixel of members) places[pixel] = row++;
  }
  const sums = parts.length === 1 ? parts[0]! : add('Concat', parts, { axis: 1 });
  if (row === pixels && places.every((place, pixel) => place === pixel)) return sums;
  return add('Gather', [sums, constant('int64', [pixels], places)], { axis: 1 });
}

/** One axis of space after the other, each by a matrix that holds a 1 where an entry was copied from a pixel. */
function writeMaps(writer: Writer, entries: string, g: Conv2dGeometry, attributes: Conv2dAttributes): string {
  const { add, constant } = writer;
  const batch = fixedBatch(g);
  const matrix = (length: number, tapCount: number, count: number) => {
    const ones = new Float32Array(length * tapCount * count);
    for (let tap = 0; tap < tapCount; tap++) {
      for (let position = 0; position < count; position++) {
        const pixel = position * attributes.stride + tap - attributes.padding;
        if (pixel >= 0 && pixel < length) ones[(pixel * tapCount + tap) * count + position] = 1;
      }
    }
    return constant('float32', [length, tapCount * count], ones);
  };
  const split = [g.inChannels, g.kernelHeight, g.kernelWidth, g.outHeight, g.outWidth, batch];
  const byAxis = add('Transpose', [add('Reshape', [entries, list(writer, ...split)])], {
    perm: [0, 1, 3, 2, 4, 5],
  });
  const [tall, wide] = [g.kernelHeight * g.outHeight, g.kernelWidth * g.outWidth];
  const down = add('Reshape', [byAxis, list(writer, g.inChannels, tall, wide * batch)]);
  const rows = add('MatMul', [matrix(g.height, g.kernelHeight, g.outHeight), down]);
  const across = add('Reshape', [rows, list(writer, g.inChannels * g.height, wide, batch)]);
  return add('MatMul', [matrix(g.width, g.kernelWidth, g.outWidth), across]);
}
