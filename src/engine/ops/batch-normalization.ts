import { elementCount, shapeMismatch, staticShape } from '../shape.js';
import { applyAll, type Emission, type Operation, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { writeColumnSums } from './column-sums.js';
import { constant } from './constant.js';
import { channelAxis, type Layout, perChannelShape } from './conv2d/geometry.js';
import { divide } from './divide.js';
import { multiply } from './multiply.js';
import { reshape } from './reshape.js';
import { sqrt } from './sqrt.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

interface BatchNormalizationAttributes {
  readonly layout: Layout;
  readonly epsilon: number;
}

const operation: Operation<BatchNormalizationAttributes> = {
  name: 'batchNormalization',
  infer(inputs, { layout }) {
    const [x, scale, offset] = inputs as [Tensor, Tensor, Tensor];
    const channels = x.shape[channelAxis(layout)];
    if (
      x.dtype !== 'float32' ||
      x.rank !== 4 ||
      [scale, offset].some((p) => p.rank !== 1 || p.shape[0] !== channels)
    ) {
      throw shapeMismatch(
        'batchNormalization',
        `float32 ${layout} images, and one scale and offset per channel`,
        inputs,
        'reshape',
      );
    }
    return [x, scale, scale];
  },
  emit(emission) {
    if (emission.attributes.layout === 'NCHW') writeByRuntime(emission);
    else writeByReductions(emission);
  },
  // With x̂ = (x − μ)/σ: dx = γ/σ · (g − mean(g) − x̂·mean(g·x̂)), gathered into a·g + b·x + c with one a, b, c per
  // channel, so that two reductions and three passes over the images do.
  gradient({ inputs, outputs, attributes: { layout, epsilon }, outputGradients: [g] }) {
    if (!g) return [];
    const [x, scale] = inputs as [Tensor, Tensor, Tensor];
    const [, mean, variance] = outputs as [Tensor, Tensor, Tensor];
    const channel = channelAxis(layout);
    const axes = [0, 1, 2, 3].filter((axis) => axis !== channel);
    const shape = staticShape('batchNormalization (gradient)', x);
    const count = constant(elementCount(axes.map((axis) => shape[axis]!)));
    const perChannel = (t: Tensor) => reshape(t, perChannelShape(layout, t.shape[0] as number));

    const inverseDeviation = divide(constant(1), sqrt(add(variance, constant(epsilon))));
    const sumGradient = sum(g, { axes });
    // Σ g·x̂ from Σ g·x: nothing image-sized has to be centred.
    const sumProduct = multiply(
      subtract(sum(multiply(g, x), { axes }), multiply(mean, sumGradient)),
      inverseDeviation,
    );
    const a = multiply(scale, inverseDeviation);
    const b = divide(multiply(multiply(a, inverseDeviation), sumProduct), count);
    const c = subtract(multiply(b, mean), divide(multiply(a, sumGradient), count));
    const inputGradient = add(
      subtract(multiply(g, perChannel(a)), multiply(x, perChannel(b))),
      perChannel(c),
    );
    return [inputGradient, sumProduct, sumGradient];
  },
};

/** ONNX Runtime's own operation, fast where channels are planes. */
function writeByRuntime(emission: Emission<BatchNormalizationAttributes>): void {
  const { node, add: write, inputs, outputs, attributes } = emission;
  const [channels] = staticShape('batchNormalization', node.inputs[1]!) as [number];
  // ONNX Runtime writes the running statistics over these inputs, so each has to be a buffer of its own. Equal constants
  // and equal nodes are merged; nodes that draw random numbers never are. Momentum 0 makes what they hold irrelevant,
  // and the "running" statistics those of the batch.
  const overwritten = () => write('RandomUniform', [], { shape: [channels] });
  const options = { training_mode: 1, momentum: { float: 0 }, epsilon: { float: attributes.epsilon } };
  write('BatchNormalization', [...inputs, overwritten(), overwritten()], options, outputs);
}

/**
 * Reductions and passes over the images as matrices with an axis of channels: with channels last a quarter of the time of
 * ONNX Runtime's operation and less. There, sums are products with ones.
 */
function writeByReductions(emission: Emission<BatchNormalizationAttributes>): void {
  const { node, add: write, constant: store, inputs, outputs, attributes } = emission;
  const [x, scale, offset] = inputs as [string, string, string];
  const [y, mean, variance] = outputs as [string, string, string];
  const shape = staticShape('batchNormalization', node.inputs[0]!);
  const channels = staticShape('batchNormalization', node.inputs[1]!)[0]!;
  const rows = elementCount(shape) / channels;
  const isFirst = attributes.layout === 'CHWN';
  const list = (...values: number[]) => store('int64', [values.length], values);
  const number = (value: number) => store('float32', [], [value]);
  const alongChannels = (t: string) => (isFirst ? write('Reshape', [t, list(channels, 1)]) : t);
  const columnSums = (of: string) => writeColumnSums(emission, of, { rows, columns: channels });

  const matrix = write('Reshape', [x, isFirst ? list(channels, -1) : list(-1, channels)]);
  if (isFirst) write('ReduceMean', [matrix, list(1)], { keepdims: 0 }, [mean]);
  else write('Div', [columnSums(matrix), number(rows)], {}, [mean]);
  const centred = write('Sub', [matrix, alongChannels(mean)]);
  const squares = isFirst
    ? write('ReduceSumSquare', [centred, list(1)], { keepdims: 0 })
    : columnSums(write('Mul', [centred, centred]));
  write('Div', [squares, number(rows)], {}, [variance]);
  const deviation = write('Sqrt', [write('Add', [variance, number(attributes.epsilon)])]);
  const scaled = write('Mul', [centred, alongChannels(write('Div', [scale, deviation]))]);
  write('Reshape', [write('Add', [scaled, alongChannels(offset)]), list(...shape)], {}, [y]);
}

export interface BatchNormalization {
  /** (x − mean) / √(variance + ε) · scale + offset, of x's shape. */
  readonly y: Tensor;
  /** float32 [channels], of this batch. */
  readonly mean: Tensor;
  /** float32 [channels], of this batch, divided by the count (biased). */
  readonly variance: Tensor;
}

/**
 * Batch normalisation with the batch's own statistics (Ioffe and Szegedy 2015), per channel. No gradient flows through
 * the statistics handed out, which are there for running averages.
 *
 * @param x float32 [N, H, W, C], [N, C, H, W], [H, W, N, C] or [C, H, W, N], as the layout says
 * @param scale float32 [C]
 * @param offset float32 [C]
 */
export function batchNormalization(
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  { layout, epsilon = 1e-5 }: { readonly layout: Layout; readonly epsilon?: number },
): BatchNormalization {
  const [y, mean, variance] = applyAll(operation, [x, scale, offset], { layout, epsilon }) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  return { y, mean, variance };
}
