import { input, matmul, Program, topK } from '../../engine/index.js';
import { pointBlocks, squaredLengths } from './point-blocks.js';

/** Finds the nearest centre of every point: one matrix product and one maximum per block of points. */
export class NearestCentres {
  private constructor(
    private readonly program: Program,
    private readonly points: Float32Array,
    private readonly dimension: number,
    private readonly k: number,
    /** float64 [n] */
    private readonly squaredLengths: Float64Array,
  ) {}

  static async open(options: {
    readonly points: Float32Array;
    readonly dimension: number;
    readonly k: number;
    readonly threads?: number;
  }): Promise<NearestCentres> {
    const { points, dimension, k, threads } = options;
    // The nearest centre c of a point x has the largest x·c − ½‖c‖².
    const closeness = matmul(
      input('points', 'float32', ['P', dimension]),
      input('centres', 'float32', [k, dimension]),
      { transposeB: true, bias: input('offsets', 'float32', [k]) },
    );
    const { values, indices } = topK(closeness, 1);
    const program = await Program.compile({ outputs: { closeness: values, nearest: indices } }, { threads });
    return new NearestCentres(program, points, dimension, k, squaredLengths(points, dimension));
  }

  /**
   * @param centres float32 [k, dimension]
   * @returns the cluster of each point (the lower one on ties), int32 [n], and its squared distance from there, float64 [n]
   */
  async of(centres: Float32Array): Promise<{ assignments: Int32Array; distances: Float64Array }> {
    const { points, dimension, k } = this;
    const offsets = Float32Array.from(squaredLengths(centres, dimension), (length) => -length / 2);
    const assignments = new Int32Array(points.length / dimension);
    const distances = new Float64Array(assignments.length);
    for (const { first, block } of pointBlocks(points, dimension, k)) {
      const found = await this.program.run({ points: block, centres, offsets });
      const nearest = found.nearest as BigInt64Array;
      const closeness = found.closeness as Float32Array;
      for (let i = 0; i < nearest.length; i++) {
        assignments[first + i] = Number(nearest[i]);
        distances[first + i] = Math.max(0, this.squaredLengths[first + i] - 2 * closeness[i]);
      }
    }
    return { assignments, distances };
  }

  release(): Promise<void> {
    return this.program.release();
  }
}
