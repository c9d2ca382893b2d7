import { input, matmul, Program } from '../../engine/index.js';
import { pointBlocks } from './point-blocks.js';

/** Dot products of all points with a few vectors. */
export class DotProducts {
  private constructor(
    private readonly program: Program,
    private readonly points: Float32Array,
    private readonly dimension: number,
  ) {}

  static async open(options: {
    readonly points: Float32Array;
    readonly dimension: number;
    readonly threads?: number;
  }): Promise<DotProducts> {
    const { points, dimension, threads } = options;
    const products = matmul(
      input('vectors', 'float32', ['V', dimension]),
      input('points', 'float32', ['P', dimension]),
      { transposeB: true },
    );
    const program = await Program.compile({ outputs: { products } }, { threads });
    return new DotProducts(program, points, dimension);
  }

  /**
   * @param vectors float32 [v, dimension]
   * @returns float32 [v, n]
   */
  async with(vectors: Float32Array): Promise<Float32Array> {
    const { points, dimension } = this;
    const rows = vectors.length / dimension;
    const count = points.length / dimension;
    const products = new Float32Array(rows * count);
    for (const { first, block } of pointBlocks(points, dimension, rows)) {
      const found = (await this.program.run({ vectors, points: block })).products as Float32Array;
      const width = block.length / dimension;
      for (let row = 0; row < rows; row++)
        products.set(found.subarray(row * width, (row + 1) * width), row * count + first);
    }
    return products;
  }

  release(): Promise<void> {
    return this.program.release();
  }
}
