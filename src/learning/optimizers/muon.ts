import {
  add,
  channelsLast,
  concat,
  constant,
  divide,
  elementCount,
  type Layout,
  multiply,
  reshape,
  slice,
  sqrt,
  subtract,
  sum,
  type Tensor,
} from '../../engine/index.js';
import { eachBy, type Optimizer } from './optimizer.js';
import { orthogonalized } from './orthogonalized.js';

export interface MuonOptions {
  /** Share of the last velocity of matrices that is kept. Default 0.6. */
  readonly momentum?: number;
  /** Newton–Schulz iterations of the orthogonalisation. Default 3. */
  readonly iterations?: number;
  /** Which parameters are matrices: kernels of convolutions, or the weights of linear layers too. Default `kernels`. */
  readonly matrices?: 'kernels' | 'weights';
  /**
   * Whether a matrix is scaled to a norm of √out before each step, as in airbench. For matrices that are followed by a
   * normalisation, which makes their scale mean nothing: the rate then means the same for all throughout. Default true.
   */
  readonly rescaled?: boolean;
  /** Rate of all that is not a matrix, as a share of the rate. Default 0.1. */
  readonly otherRate?: number;
  /** Share of the last velocity of all that is not a matrix that is kept. Default 0.85. */
  readonly otherMomentum?: number;
}

/** Keeps the inverse of the norm finite where weights are zero. */
const epsilon = 1e-7;

/**
 * Muon (Jordan et al. 2024): the Nesterov direction of a weight matrix W [fan in, out] is replaced by about the nearest matrix
 * with orthogonal columns or rows, so that every direction moves alike. A kernel is a matrix with one row per place and
 * channel that it reads. Everything else (scales, offsets, what `matrices` leaves out) goes by gradient descent with
 * Nesterov momentum.
 *
 *     u ← μu + g
 *     W ← √out · W/‖W‖ − α · orthogonal(g + μu)              rescaled, as in airbench
 *     W ← W − α · √max(1, out/fan in) · orthogonal(g + μu)       otherwise, as first published
 */
export function muon({
  momentum = 0.6,
  iterations = 3,
  matrices = 'kernels',
  rescaled = true,
  otherRate = 0.1,
  otherMomentum = 0.85,
}: MuonOptions = {}): Optimizer {
  const lowestRank = matrices === 'kernels' ? 4 : 2;
  return {
    name: 'muon',
    options: { momentum, iterations, matrices, rescaled, otherRate, otherMomentum },
    slots: ['velocity'],
    scalars: (_, learningRate) => [learningRate, learningRate * otherRate],
    build({ parameters, gradient, slots, scalars, rates, places, layout }) {
      const [velocity] = slots as [Tensor];
      const [rate, rateOfOthers] = scalars as [Tensor, Tensor];
      const nextParameters: Tensor[] = [];
      const nextVelocity: Tensor[] = [];
      for (const { shape, offset } of places) {
        const count = elementCount(shape);
        const part = (flat: Tensor) => slice(flat, 0, offset, offset + count);
        const ownRates = rates && part(rates);
        const isMatrix = shape.length >= lowestRank;
        const kept = constant(isMatrix ? momentum : otherMomentum);
        const value = part(parameters);
        const u = add(multiply(part(velocity), kept), part(gradient));
        const direction = add(part(gradient), multiply(u, kept));
        nextVelocity.push(u);
        if (!isMatrix) {
          nextParameters.push(subtract(value, multiply(direction, eachBy(ownRates, rateOfOthers))));
          continue;
        }
        const { matrix, fanIn, out } = asMatrix(shape, layout);
        const update = reshape(orthogonalized(reshape(direction, matrix), iterations), [count]);
        const change = multiply(update, eachBy(ownRates, rate));
        if (rescaled) {
          const norm = sqrt(add(sum(multiply(value, value)), constant(epsilon ** 2)));
          const scaled = multiply(value, divide(constant(Math.sqrt(out)), norm));
          nextParameters.push(subtract(scaled, change));
        } else {
          const stretch = constant(Math.sqrt(Math.max(1, out / fanIn)));
          nextParameters.push(subtract(value, multiply(change, stretch)));
        }
      }
      return { parameters: concat(nextParameters), slots: [concat(nextVelocity)] };
    },
  };
}

/**
 * Weights as a matrix without moving any: [everything else, out], or [out, everything else] for the kernels of NCHW and
 * CHWN, of which the one is the other transposed but for the order of what is read.
 */
function asMatrix(shape: readonly number[], layout: Layout) {
  const outFirst = shape.length === 4 && !channelsLast(layout);
  const out = outFirst ? shape[0]! : shape.at(-1)!;
  const fanIn = elementCount(shape) / out;
  return { matrix: outFirst ? [out, fanIn] : [fanIn, out], fanIn, out };
}
