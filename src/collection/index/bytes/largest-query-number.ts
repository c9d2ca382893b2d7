import { lazily } from '../../../core/lazily.js';
import { input, largestByteProducts, Program, zeroByte } from '../../../engine/index.js';

/** Numbers of a row: enough for the widest instructions. */
const length = 256;
const [small, large] = [63, 127];

/**
 * The largest number that a query of `largestByteProducts` may have on this machine: 127 where the processor has instructions for
 * products of bytes, else 63, with which sums of two in 16 bits hold. It is found by trying.
 */
export const largestQueryNumber = lazily(async (): Promise<number> => {
  const rows = input('rows', 'uint8', [1, 1, length]);
  const columns = input('columns', 'float32', [length, 1]);
  const program = await Program.compile({ outputs: { sums: largestByteProducts(rows, columns) } });
  try {
    const values = { rows: new Uint8Array(length).fill(255), columns: new Float32Array(length).fill(large) };
    const { sums } = await program.run(values);
    return sums![0] === length * large * (255 - zeroByte) ? large : small;
  } finally {
    await program.release();
  }
});
