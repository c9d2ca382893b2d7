import { ImagekinError } from '../../core/errors.js';
import { dropout, l2Normalize, type Tensor } from '../../engine/index.js';
import { discriminant } from '../discriminant.js';
import { type Activation, activation } from '../layers/activation.js';
import { dense } from '../layers/dense.js';
import { standardizing } from '../layers/standardizing.js';
import type { Backbone, Network } from '../network.js';

export interface HeadOptions {
  /** Length of an embedding. Default: that of the backbone's. */
  readonly dimension?: number;
  /** Widths of layers before the last, each followed by `activation`. Default: none, a linear projection. */
  readonly hidden?: readonly number[];
  /** Default `gelu`. */
  readonly activation?: Activation;
  /** Share of the backbone's numbers that are left out of a step, drawn anew for every image. Default 0. */
  readonly dropout?: number;
  /** What it stands on; given by `onBackbone`. */
  readonly backbone?: Backbone;
}

/** Where a linear head of full length starts from; see `docs/adr/0008-a-head-starts-from-a-discriminant.md`. */
const start = { shrinkage: 0.8, gain: 3 };
const mostVectors = 2000;

/**
 * A projection of a backbone's embeddings, linear or with layers between, to unit length. The numbers that come are first brought
 * to mean 0 and, all together, variance 1, fitted to the images before the first step. A linear projection to no more numbers
 * than come starts from their `discriminant`; others start from random weights.
 */
export function head(options: HeadOptions = {}): Network {
  const { hidden = [], activation: name = 'gelu', dropout: rate = 0, backbone } = options;
  const { dimension = backbone?.dimension ?? 0 } = options;
  return {
    name: 'head',
    options: { ...options },
    inputSize: backbone?.inputSize ?? { width: 0, height: 0 },
    dimension,
    layout: 'NHWC',
    backbone: backbone ?? { dimension: 0, inputSize: { width: 0, height: 0 } },
    onBackbone: ({ dimension, inputSize }) => head({ ...options, backbone: { dimension, inputSize } }),
    fitToFeatures({ vectors, labels, width }) {
      const { states, standardized } = standardizing.fit('input', vectors, width);
      if (dimension > width || hidden.length > 0) return states;
      const count = Math.min(mostVectors, labels.length);
      const some = {
        vectors: standardized.subarray(0, count * width),
        labels: labels.subarray(0, count),
        width,
      };
      return new Map([...states, ['embedding.weights', discriminant(some, { ...start, dimension })]]);
    },
    build(features, context) {
      requireBackbone(backbone);
      let x: Tensor = standardizing.apply(context, 'input', features);
      if (context.training && rate > 0) x = dropout(x, { rate, name: 'input' });
      for (const [i, width] of hidden.entries())
        x = activation(name, dense(context, `hidden${i + 1}`, x, { width }));
      return l2Normalize(dense(context, 'embedding', x, { width: dimension }));
    },
  };
}

function requireBackbone(backbone: Backbone | undefined): void {
  if (backbone) return;
  throw new ImagekinError('wrong-usage', {
    where: "network 'head'",
    expected: 'a backbone that it stands on',
    got: 'none',
    fix: 'name one by --backbone, or take a recipe whose network takes pixels',
  });
}
