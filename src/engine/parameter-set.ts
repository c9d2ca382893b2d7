import type { Random } from '../core/random.js';
import { concat, split } from './ops/concat.js';
import { constant } from './ops/constant.js';
import { parameter } from './ops/parameter.js';
import { reshape } from './ops/reshape.js';
import { broadcastTo } from './ops/sum.js';
import { elementCount, formatShape } from './shape.js';
import type { Tensor } from './tensor.js';

/** Fills the first values of a parameter. */
export type Initializer = (shape: readonly number[], random: Random) => Float32Array;

/** Where a parameter lies in the flat vector. */
export interface ParameterPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
}

interface Entry extends ParameterPlace {
  readonly initializer: Initializer;
  readonly tensor: Tensor;
}

/**
 * Named parameters that live together in one flat vector: a program takes them as one input and an optimizer updates
 * them in one go. The order is that of their first mention.
 */
export class ParameterSet {
  private readonly entries = new Map<string, Entry>();
  /** Number of elements of the flat vector. */
  length = 0;

  /** The parameter of that name; made at the first mention, the same tensor at every later one. */
  get(name: string, shape: readonly number[], initializer: Initializer): Tensor {
    const known = this.entries.get(name);
    if (known) {
      if (formatShape(known.shape) === formatShape(shape)) return known.tensor;
      throw new Error(
        `parameter '${name}' has two shapes: ${formatShape(known.shape)} and ${formatShape(shape)}`,
      );
    }
    const tensor = parameter(name, shape);
    this.entries.set(name, { name, shape, initializer, tensor, offset: this.length });
    this.length += elementCount(shape);
    return tensor;
  }

  /** Those of the names that are kept, the same tensors, in a shorter flat vector. */
  subset(keep: (name: string) => boolean): ParameterSet {
    const kept = new ParameterSet();
    for (const [name, entry] of this.entries) {
      if (!keep(name)) continue;
      kept.entries.set(name, { ...entry, offset: kept.length });
      kept.length += elementCount(entry.shape);
    }
    return kept;
  }

  get tensors(): Tensor[] {
    return [...this.entries.values()].map((entry) => entry.tensor);
  }

  get layout(): ParameterPlace[] {
    return [...this.entries.values()].map(({ name, shape, offset }) => ({ name, shape, offset }));
  }

  /**
   * First values of the flat vector. Each parameter draws from a stream of its own name, but for those that are given.
   */
  initialize(
    random: (name: string) => Random,
    given: ReadonlyMap<string, Float32Array> = new Map(),
  ): Float32Array {
    const flat = new Float32Array(this.length);
    for (const { name, shape, initializer, offset } of this.entries.values()) {
      flat.set(given.get(name) ?? initializer(shape, random(name)), offset);
    }
    return flat;
  }

  /** Binds every parameter to its part of a flat tensor, float32 [length]. */
  bindToFlat(flat: Tensor): Map<Tensor, Tensor> {
    const entries = [...this.entries.values()];
    const parts = split(
      flat,
      entries.map(({ shape }) => elementCount(shape)),
    );
    return new Map(entries.map(({ tensor, shape }, i) => [tensor, reshape(parts[i]!, shape)]));
  }

  /** A flat tensor, float32 [length], that holds one value for all elements of a parameter. */
  spread(value: (place: ParameterPlace) => number): Tensor {
    const entries = [...this.entries.values()];
    return concat(
      entries.map((entry) => broadcastTo(constant([value(entry)], [1]), [elementCount(entry.shape)])),
    );
  }

  /** Binds every parameter to a constant with its part of the values. */
  bindToConstants(flat: Float32Array): Map<Tensor, Tensor> {
    return new Map(
      [...this.entries.values()].map(({ tensor, shape, offset }) => [
        tensor,
        constant(flat.subarray(offset, offset + elementCount(shape)), shape),
      ]),
    );
  }
}
