import { gather, input, matmul, Program, type Tensor, topK } from '../../engine/index.js';
import { lowWords, wordsOf } from './wide-integers.js';

/** The best of a block for each query of several. */
export interface BlockBest {
  /** float32 [queries, k], highest first. */
  readonly scores: Float32Array;
  /** [queries, k]: rows of the block. */
  readonly rows: Uint32Array;
}

/** Numbers of neighbours that there are programs for: others take the next. Beyond them all scores are handed out. */
const counts = [16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

/**
 * The engine's part of a scan. Rows and queries are a program's named axes, so that it is compiled once, whatever becomes of
 * an index, and once for each of a few numbers of neighbours.
 */
export class ScanPrograms {
  private readonly programs = new Map<string, Promise<Program>>();

  constructor(
    readonly dimension: number,
    private readonly threads?: number,
  ) {}

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
    const program = await this.program(`best ${k}`, (scores) => outputsOfBest(scores, k));
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
    const program = await this.program(
      `best ${k} among`,
      (scores) => outputsOfBest(scores, k),
      (block) => gather(block, input('chosen', 'int64', ['M'])),
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
    const program = await this.program('scores', (scores) => ({ scores }));
    return (await program.run({ queries, block })).scores as Float32Array;
  }

  async release(): Promise<void> {
    const programs = await Promise.all(this.programs.values());
    this.programs.clear();
    await Promise.all(programs.map((program) => program.release()));
  }

  private program(
    key: string,
    outputs: (scores: Tensor) => Record<string, Tensor>,
    rows: (block: Tensor) => Tensor = (block) => block,
  ): Promise<Program> {
    let program = this.programs.get(key);
    if (!program) {
      const queries = input('queries', 'float32', ['Q', this.dimension]);
      const block = input('block', 'float32', ['N', this.dimension]);
      const scores = matmul(queries, rows(block), { transposeB: true });
      program = Program.compile({ outputs: outputs(scores) }, { threads: this.threads });
      this.programs.set(key, program);
    }
    return program;
  }
}

function outputsOfBest(product: Tensor, k: number): Record<string, Tensor> {
  const { values, indices } = topK(product, k);
  return { scores: values, rows: indices };
}
