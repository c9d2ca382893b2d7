import { ImagekinError } from '../core/errors.js';
import { atTime, type ProgramOutputs, type Tensor } from '../engine/index.js';

/** Figures of a step, or means of them over steps, by name. Those that every step has are of `batchStatistics`. */
export type Statistics = Readonly<Record<string, number>>;

const prefix = 'statistic:';

/** The scalars that a step puts out beside its loss: declared while the graph is built, read after every run. */
export class ReportedStatistics {
  readonly #scalars = new Map<string, Tensor>();

  /**
   * Declares one.
   * @param scalar float32 []
   * @throws `wrong-usage` where the name is taken; `shape-mismatch` where it is no scalar
   */
  readonly report = (name: string, scalar: Tensor): void => {
    if (this.#scalars.has(name)) {
      throw new ImagekinError('wrong-usage', {
        where: `statistic '${name}'`,
        expected: 'a name of its own',
        got: 'one that is reported already',
        fix: 'report it once, or under another name',
      });
    }
    if (scalar.rank !== 0 || scalar.dtype !== 'float32') {
      throw new ImagekinError('shape-mismatch', {
        where: `statistic '${name}'`,
        expected: 'float32 []',
        got: `${scalar.dtype} [${scalar.shape.join(', ')}]`,
        fix: 'take the mean or the sum of it',
      });
    }
    this.#scalars.set(name, scalar);
  };

  /** Outputs for the program. */
  outputs(): Record<string, Tensor> {
    return Object.fromEntries([...this.#scalars].map(([name, scalar]) => [prefix + name, scalar]));
  }

  /** What a run of the program put out for a step, the first of those that it takes being 0. */
  read(outputs: ProgramOutputs, time: number): Statistics {
    return Object.fromEntries(
      [...this.#scalars.keys()].map((name) => [name, Number(outputs[atTime(prefix + name, time)]![0])]),
    );
  }
}
