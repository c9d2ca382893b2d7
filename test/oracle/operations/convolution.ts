import type { Layout } from '../../../src/engine/ops/conv2d/geometry.js';
import type { NaiveArray } from '../naive-array.js';
import type { NaiveRule } from '../naive-rule.js';

interface Attributes {
  readonly layout: Layout;
  readonly stride: number;
  readonly padding: number;
}

type Shape = readonly number[];

/** Lengths of the axes of images and kernels, and where their elements stand, in each layout. */
const layouts = {
  NHWC: {
    image: ([batch, height, width, channels]: Shape) => ({ batch, height, width, channels }),
    kernel: ([height, width, inputs, outputs]: Shape) => ({ height, width, inputs, outputs }),
    imageShape: (n: number, h: number, w: number, c: number) => [n, h, w, c],
    pixel: ([, h, w, c]: Shape, n: number, y: number, x: number, channel: number) =>
      ((n * h + y) * w + x) * c + channel,
    tap: ([, w, i, o]: Shape, ky: number, kx: number, input: number, output: number) =>
      ((ky * w + kx) * i + input) * o + output,
  },
  HWNC: {
    image: ([height, width, batch, channels]: Shape) => ({ batch, height, width, channels }),
    kernel: ([height, width, inputs, outputs]: Shape) => ({ height, width, inputs, outputs }),
    imageShape: (n: number, h: number, w: number, c: number) => [h, w, n, c],
    pixel: ([, w, batch, c]: Shape, n: number, y: number, x: number, channel: number) =>
      ((y * w + x) * batch + n) * c + channel,
    tap: ([, w, i, o]: Shape, ky: number, kx: number, input: number, output: number) =>
      ((ky * w + kx) * i + input) * o + output,
  },
  NCHW: {
    image: ([batch, channels, height, width]: Shape) => ({ batch, height, width, channels }),
    kernel: ([outputs, inputs, height, width]: Shape) => ({ height, width, inputs, outputs }),
    imageShape: (n: number, h: number, w: number, c: number) => [n, c, h, w],
    pixel: ([, c, h, w]: Shape, n: number, y: number, x: number, channel: number) =>
      ((n * c + channel) * h + y) * w + x,
    tap: ([, i, h, w]: Shape, ky: number, kx: number, input: number, output: number) =>
      ((output * i + input) * h + ky) * w + kx,
  },
  CHWN: {
    image: ([channels, height, width, batch]: Shape) => ({ batch, height, width, channels }),
    kernel: ([outputs, inputs, height, width]: Shape) => ({ height, width, inputs, outputs }),
    imageShape: (n: number, h: number, w: number, c: number) => [c, h, w, n],
    pixel: ([, h, w, batch]: Shape, n: number, y: number, x: number, channel: number) =>
      ((channel * h + y) * w + x) * batch + n,
    tap: ([, i, h, w]: Shape, ky: number, kx: number, input: number, output: number) =>
      ((output * i + input) * h + ky) * w + kx,
  },
};

/** Visits every product of the convolution: which pixel times which tap of a kernel goes to which result. */
function forEachProduct(
  image: Shape,
  kernel: Shape,
  { layout, stride, padding }: Attributes,
  visit: (pixel: number, tap: number, result: number) => void,
): void {
  const at = layouts[layout];
  const { batch, height, width } = at.image(image);
  const { height: kernelHeight, width: kernelWidth, inputs, outputs } = at.kernel(kernel);
  const result = resultShape(image, kernel, { layout, stride, padding });
  const { height: outHeight, width: outWidth } = at.image(result);
  for (let n = 0; n < batch; n++)
    for (let output = 0; output < outputs; output++)
      for (let oy = 0; oy < outHeight; oy++)
        for (let ox = 0; ox < outWidth; ox++)
          for (let ky = 0; ky < kernelHeight; ky++)
            for (let kx = 0; kx < kernelWidth; kx++) {
              const y = oy * stride + ky - padding;
              const x = ox * stride + kx - padding;
              if (y < 0 || y >= height || x < 0 || x >= width) continue;
              const to = at.pixel(result, n, oy, ox, output);
              for (let input = 0; input < inputs; input++)
                visit(at.pixel(image, n, y, x, input), at.tap(kernel, ky, kx, input, output), to);
            }
}

function resultShape(image: Shape, kernel: Shape, { layout, stride, padding }: Attributes): number[] {
  const { batch, height, width } = layouts[layout].image(image);
  const { height: kernelHeight, width: kernelWidth, outputs } = layouts[layout].kernel(kernel);
  const positions = (length: number, kernelLength: number) =>
    Math.floor((length + 2 * padding - kernelLength) / stride) + 1;
  return layouts[layout].imageShape(
    batch,
    positions(height, kernelHeight),
    positions(width, kernelWidth),
    outputs,
  );
}

const zeros = (shape: Shape): NaiveArray => ({
  shape,
  values: new Float64Array(shape.reduce((size, length) => size * length, 1)),
});

const conv2d: NaiveRule<Attributes> = ([x, weights, bias], attributes) => {
  const result = zeros(resultShape(x.shape, weights.shape, attributes));
  forEachProduct(x.shape, weights.shape, attributes, (pixel, tap, to) => {
    result.values[to] += x.values[pixel] * weights.values[tap];
  });
  if (bias) {
    const perChannel = { NHWC: 4, HWNC: 4, NCHW: 2, CHWN: 1 }[attributes.layout];
    const inner = result.shape.slice(perChannel).reduce((size, length) => size * length, 1);
    for (let i = 0; i < result.values.length; i++) {
      result.values[i] += bias.values[Math.floor(i / inner) % bias.values.length];
    }
  }
  return [result];
};

const conv2dInputGradient: NaiveRule<Attributes & { imageShape: Shape }> = ([g, weights], attributes) => {
  const result = zeros(attributes.imageShape);
  forEachProduct(attributes.imageShape, weights.shape, attributes, (pixel, tap, to) => {
    result.values[pixel] += g.values[to] * weights.values[tap];
  });
  return [result];
};

const conv2dWeightGradient: NaiveRule<Attributes & { weightShape: Shape }> = ([x, g], attributes) => {
  const result = zeros(attributes.weightShape);
  forEachProduct(x.shape, attributes.weightShape, attributes, (pixel, tap, to) => {
    result.values[tap] += g.values[to] * x.values[pixel];
  });
  return [result];
};

/** A convolution by its definition, for layouts that the engine has no operation of its own for. */
export function naiveConvolution(x: NaiveArray, weights: NaiveArray, attributes: Attributes): NaiveArray {
  return conv2d([x, weights], attributes)[0];
}

export const convolution = { conv2d, conv2dInputGradient, conv2dWeightGradient };
