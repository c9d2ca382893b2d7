import {
  concat,
  gather,
  input,
  matmul,
  max,
  type Program,
  type Tensor,
  type TensorData,
  topK,
  transpose,
} from '../../engine/index.js';
import { LazyPrograms } from './lazy-programs.js';
import { lowWords, wordsOf } from './wide-integers.js';

/** The best of a block for each query of several. */
export interface BlockBest {
  /** float32 [queries, k], highest first. */
  readonly scores: Float32Array;
  /** [queries, k]: rows of the block. */
  readonly rows: Uint32Array;
}

/** More neighbours than asked for are looked at, so that rounding seldom leaves it open which are the k nearest. */
export const spareNeighbours = 6;
/** Rows that follow one another and stand for each other in `bestGroups`. */
export const groupSize = 16;
/** Blocks that `bestGroups` takes at once. */
export const blocksAtOnce = 12;

/** Numbers of neighbours that there are programs for: others take the next. Beyond them all scores are handed out. */
const counts = [16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

/**
 * The engine's part of a scan. Rows and queries are a program's named axes, so that it is compiled once, whatever becomes of
 * an index, and once for each of a few numbers of neighbours.
 */
export class ScanPrograms {
  private readonly programs: LazyPrograms;

  constructor(
    readonly dimension: number,
    threads?: number,
  ) {
    this.programs = new LazyPrograms(threads);
  }

  /** How many neighbours `best` has to be asked for to have at least `wanted`; undefined where that is too many for it. */
  static roundedCount(wanted: number): number | undefined {
    return counts.find((count) => count >= wanted);
  }

  /**
   * The k rows of a block with the highest dot product.
   * @param queries float32 [queries, dimension]
   * @param block float32 [rows, dimension], at least k rows
   * @param k one of those of `roundedCount`
   */
  async best(queries: Float32Array, block: Float32Array, k: number): Promise<BlockBest> {
    const program = await this.programs.get(`best ${k}`, () => outputsOfBest(this.products(), k));
    const { scores, rows } = await program.run({ queries, block });
    return { scores: scores as Float32Array, rows: lowWords(rows as BigInt64Array) };
  }

  /**
   * As `best`, of some rows of a block; the engine copies them together in a third of the time that it takes here.
   * @param chosen rows, at least k. The rows of the answer are places in it
   */
  async bestAmong(
    queries: Float32Array,
    block: Float32Array,
    chosen: Uint32Array,
    k: number,
  ): Promise<BlockBest> {
    const program = await this.programs.get(`best ${k} among`, () =>
      outputsOfBest(
        this.products((block) => gather(block, input('chosen', 'int64', ['M']))),
        k,
      ),
    );
    const { scores, rows } = await program.run({
      queries,
      block,
      chosen: new BigInt64Array(wordsOf(chosen)),
    });
    return { scores: scores as Float32Array, rows: lowWords(rows as BigInt64Array) };
  }

  /** All dot products: float32 [queries, rows]. */
  async scores(queries: Float32Array, block: Float32Array): Promise<Float32Array> {
    const program = await this.programs.get('scores', () => ({ scores: this.products() }));
    return (await program.run({ queries, block })).scores as Float32Array;
  }

  /**
   * The k groups of `groupSize` rows with the highest dot products, each by the highest of its rows. To find the largest of all products takes
   * a third of the time of the products themselves; those of groups are found while a block's products are still near.
   *
   * @param columns the queries, float32 [dimension, queries]; numbers that are multiples of 16 are the fastest
   * @param blocks `blocksAtOnce` of them, float32 [groups, groupSize, dimension] each, at least k groups together
   * @param k one of those of `roundedCount`
   * @returns groups in the place of rows, counted through all blocks
   */
  async bestGroups(columns: Float32Array, blocks: readonly Float32Array[], k: number): Promise<BlockBest> {
    const { dimension } = this;
    const program = await this.programs.get(`best ${k} groups`, () => {
      const queries = input('columns', 'float32', [dimension, 'Q']);
      const block = (i: number) => input(`block${i}`, 'float32', [`N${i}`, groupSize, dimension]);
      return outputsOfBestGroups((i) => max(matmul(block(i), queries), { axes: [1] }), k);
    });
    return runOnBlocks(program, columns, blocks);
  }

  release(): Promise<void> {
    return this.programs.release();
  }

  /** All products of queries and rows of a block: float32 [queries, rows]. */
  private products(rows: (block: Tensor) => Tensor = (block) => block): Tensor {
    const queries = input('queries', 'float32', ['Q', this.dimension]);
    const block = input('block', 'float32', ['N', this.dimension]);
    return matmul(queries, rows(block), { transposeB: true });
  }
}

/** @param largest of the products with each group of a block, float32 [groups, queries] */
export function outputsOfBestGroups(largest: (block: number) => Tensor, k: number): Record<string, Tensor> {
  const all = Array.from({ length: blocksAtOnce }, (_, i) => largest(i));
  return outputsOfBest(transpose(concat(all), [1, 0]), k);
}

/** Runs a program of `outputsOfBestGroups` with the inputs `columns` and `block0`, `block1`, … */
export async function runOnBlocks(
  program: Program,
  columns: Float32Array,
  blocks: readonly TensorData[],
): Promise<BlockBest> {
  const named = blocks.map((block, i) => [`block${i}`, block]);
  const { scores, rows } = await program.run({ columns, ...Object.fromEntries(named) });
  return { scores: scores as Float32Array, rows: lowWords(rows as BigInt64Array) };
}

function outputsOfBest(product: Tensor, k: number): Record<string, Tensor> {
  const { values, indices } = topK(product, k);
  return { scores: values, rows: indices };
}
