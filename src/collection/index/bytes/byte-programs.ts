import {
  constant,
  dequantize,
  input,
  largestByteProducts,
  matmul,
  max,
  maximum,
  negate,
  quantize,
  square,
  subtract,
  sum,
  type Tensor,
} from '../../../engine/index.js';
import { LazyPrograms } from '../lazy-programs.js';
import { type BlockBest, groupSize, outputsOfBestGroups, runOnBlocks } from '../scan-programs.js';
import { type Spreading, spreadingMatrix, spreadingOf } from './spreading.js';

/** Rows that were spread and made bytes of. */
export interface Encoded {
  /** uint8 [rows, dimension] */
  readonly bytes: Uint8Array;
  /** Largest squared length of what a row lost when made bytes of, float32. */
  readonly squaredResidual: number;
  /** Largest squared length of a row that was spread, float32. */
  readonly squaredNorm: number;
}

/** The engine's part of a search among rows of bytes. Each program is compiled when it is first asked for. */
export class BytePrograms {
  readonly spreading: Spreading;
  private readonly programs: LazyPrograms;

  constructor(
    readonly dimension: number,
    threads?: number,
  ) {
    this.spreading = spreadingOf(dimension);
    this.programs = new LazyPrograms(threads);
  }

  /** The largest absolute value of some rows, float32 [rows, dimension], that are spread. */
  async extent(rows: Float32Array): Promise<number> {
    const program = await this.programs.get('extent', () => {
      const x = this.spreadRows();
      return { extent: max(maximum(x, negate(x))) };
    });
    return (await program.run({ rows })).extent![0] as number;
  }

  /** @param rows float32 [rows, dimension] */
  async encode(rows: Float32Array, scale: number): Promise<Encoded> {
    const program = await this.programs.get('encode', () => {
      const x = this.spreadRows();
      const by = input('scale', 'float32', []);
      const bytes = quantize(x, by);
      const largest = (y: Tensor) => max(sum(square(y), { axes: [1, 2] }));
      const squaredResidual = largest(subtract(x, dequantize(bytes, by)));
      return { bytes, squaredResidual, squaredNorm: largest(x) };
    });
    const out = await program.run({ rows, scale: Float32Array.of(scale) });
    return {
      bytes: out.bytes as Uint8Array,
      squaredResidual: out.squaredResidual![0] as number,
      squaredNorm: out.squaredNorm![0] as number,
    };
  }

  /**
   * As that of `ScanPrograms`, by products of bytes and small whole numbers.
   * @param columns whole numbers up to `largestNumber`, float32 [dimension, queries]
   * @param blocks `blocksAtOnce` of them, uint8 [groups, groupSize, dimension] each
   */
  async bestGroups(columns: Float32Array, blocks: readonly Uint8Array[], k: number): Promise<BlockBest> {
    const { dimension } = this;
    const program = await this.programs.get(`best ${k} groups`, () => {
      const queries = input('columns', 'float32', [dimension, 'Q']);
      const block = (i: number) => input(`block${i}`, 'uint8', [`N${i}`, groupSize, dimension]);
      return outputsOfBestGroups((i) => largestByteProducts(block(i), queries), k);
    });
    return runOnBlocks(program, columns, blocks);
  }

  release(): Promise<void> {
    return this.programs.release();
  }

  /** float32 [rows, blocks, numbers that are mixed] */
  private spreadRows(): Tensor {
    const { size } = this.spreading;
    const rows = input('rows', 'float32', ['N', this.dimension / size, size]);
    return matmul(rows, constant(spreadingMatrix(this.spreading), [size, size]));
  }
}
