import { expect, it } from 'vitest';
import { Random } from '../../../core/random.js';
import { input, largestByteProducts, Program } from '../../../engine/index.js';
import { largestQueryNumber } from './largest-query-number.js';

it('is a number that products of bytes add up without cutting any off', async () => {
  const number = await largestQueryNumber();
  expect([63, 127]).toContain(number);
  const [groups, size, length, queries] = [7, 16, 200, 33];
  const random = Random.of(1, 'extremes');
  const rows = Uint8Array.from({ length: groups * size * length }, () => 255 * random.integer(2));
  // The first group and query are what adds up the most.
  rows.fill(255, 0, size * length);
  const columns = Float32Array.from({ length: length * queries }, (_, i) =>
    i % queries === 0 || random.integer(2) === 1 ? number : -number,
  );
  const largest = largestByteProducts(
    input('rows', 'uint8', [groups, size, length]),
    input('columns', 'float32', [length, queries]),
  );
  const program = await Program.compile({ outputs: { largest } });
  const found = (await program.run({ rows, columns })).largest!;
  await program.release();
  for (let group = 0; group < groups; group++)
    for (let query = 0; query < queries; query++) {
      const products = Array.from({ length: size }, (_, row) => {
        let sum = 0;
        for (let i = 0; i < length; i++)
          sum += columns[i * queries + query]! * (rows[(group * size + row) * length + i]! - 128);
        return sum;
      });
      expect(found[group * queries + query]).toBe(Math.max(...products));
    }
});
