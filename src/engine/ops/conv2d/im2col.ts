import type { Emission } from '../../tensor.js';
import { type Conv2dAttributes, type Conv2dGeometry, coveredPixel, fixedBatch } from './geometry.js';

type Writer = Pick<Emission<unknown>, 'add' | 'constant' | 'once'>;

/**
 * Writes the im2col matrix of NHWC images: one row per output pixel, holding the patch under the kernel,
 * float32 [N·outHeight·outWidth, kernelHeight·kernelWidth·channels]. A single `Gather` with constant indices.
 */
export function writeColumns(
  writer: Writer,
  x: string,
  g: Conv2dGeometry,
  { stride, padding }: Conv2dAttributes,
): string {
  const { add, constant, once } = writer;
  return once(`columns ${x} ${g.kernelHeight}x${g.kernelWidth} ${stride} ${padding}`, () => {
    const pixels = g.height * g.width;
    let rows = add('Reshape', [x, constant('int64', [3], [-1, pixels, g.inChannels])]);
    if (padding > 0) rows = appendZeroRow(writer, rows, g, g.inChannels);
    const patches = add('Gather', [rows, columnIndices(writer, g, stride, padding)], { axis: 1 });
    const patchLength = g.kernelHeight * g.kernelWidth * g.inChannels;
    return add('Reshape', [patches, constant('int64', [2], [-1, patchLength])]);
  });
}

/** For every entry of the im2col rows of one image: the pixel it copies, or `height·width` for padding. */
function columnIndices(
  { constant, once }: Writer,
  g: Conv2dGeometry,
  stride: number,
  padding: number,
): string {
  const outside = g.height * g.width;
  return once(`column indices ${windowKey(g, stride, padding)}`, () => {
    const indices = coveredPixels(g, stride, padding).map((pixel) => pixel ?? outside);
    return constant('int64', [indices.length], indices);
  });
}

/**
 * The pixel under every tap of the kernel at every position of one image, in the order of im2col's rows; `undefined` for
 * padding.
 */
function coveredPixels(g: Conv2dGeometry, stride: number, padding: number): (number | undefined)[] {
  const taps = g.kernelHeight * g.kernelWidth;
  return Array.from({ length: g.outHeight * g.outWidth * taps }, (_, entry) =>
    coveredPixel(g, { stride, padding }, Math.floor(entry / taps), entry % taps),
  );
}

/** Names a table that depends on maps, kernel, stride and padding alone. */
export function windowKey(g: Conv2dGeometry, stride: number, padding: number): string {
  return [g.height, g.width, g.kernelHeight, g.kernelWidth, stride, padding].join();
}

/**
 * Writes the transpose of im2col: sums, for every pixel of the images, the entries that im2col copied from it.
 * A `Gather` of the contributing entries and a `ReduceSum`; the last block of entries must be zeros, for pixels with
 * fewer contributions than others.
 *
 * @param columns float32 [N, (outHeight·outWidth + 1)·kernelHeight·kernelWidth, channels]
 */
export function writeColumnsTransposed(
  { add, constant, once }: Writer,
  columns: string,
  g: Conv2dGeometry,
  { stride, padding }: Conv2dAttributes,
  output: string,
): void {
  const table = once(`transposed column indices ${windowKey(g, stride, padding)}`, () => {
    const sources: number[][] = Array.from({ length: g.height * g.width }, () => []);
    const covered = coveredPixels(g, stride, padding);
    for (const [entry, pixel] of covered.entries()) if (pixel !== undefined) sources[pixel]!.push(entry);
    const most = Math.max(1, ...sources.map((list) => list.length));
    // One whole map per contribution: summing over an outer axis takes a third of the time of summing over an inner one.
    const zeros = covered.length;
    const indices = Array.from({ length: most }, (_, i) => sources.map((list) => list[i] ?? zeros)).flat();
    return constant('int64', [most, g.height * g.width], indices);
  });
  const gathered = add('Gather', [columns, table], { axis: 1 });
  const summed = add('ReduceSum', [gathered, constant('int64', [1], [1])], { keepdims: 0 });
  const shape = constant('int64', [4], [-1, g.height, g.width, g.inChannels]);
  add('Reshape', [summed, shape], {}, [output]);
}

/** Appends a row of zeros to every image of float32 [N, rows, channels]. */
export function appendZeroRow(
  { add, constant, once }: Writer,
  rows: string,
  g: Conv2dGeometry,
  channels: number,
): string {
  const batch = fixedBatch(g);
  const zeros = once(`zero row ${batch} ${channels}`, () =>
    constant('float32', [batch, 1, channels], new Float32Array(batch * channels)),
  );
  return add('Concat', [rows, zeros], { axis: 1 });
}
