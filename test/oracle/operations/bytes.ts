import { tabulate } from '../naive-array.js';
import type { NaiveRule } from '../naive-rule.js';

const quantize: NaiveRule<void> = ([x, scale]) => [
  tabulate(x.shape, (_, i) => Math.max(0, Math.min(255, halvesToEven(x.values[i] / scale.values[0]) + 128))),
];

const dequantize: NaiveRule<void> = ([x, scale]) => [
  tabulate(x.shape, (_, i) => (x.values[i] - 128) * scale.values[0]),
];

const largestByteProducts: NaiveRule<void> = ([rows, columns]) => {
  const [groups, size, length] = rows.shape;
  const count = columns.shape[1];
  const product = (row: number, query: number) => {
    let sum = 0;
    for (let i = 0; i < length; i++)
      sum += columns.values[i * count + query] * (rows.values[row * length + i] - 128);
    return sum;
  };
  return [
    tabulate([groups, count], ([group, query]) =>
      Math.max(...Array.from({ length: size }, (_, i) => product(group * size + i, query))),
    ),
  ];
};

function halvesToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

export const bytes = { quantize, dequantize, largestByteProducts };
