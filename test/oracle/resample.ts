/** How wide each kernel is, and its value at a distance: the formulas as textbooks have them. */
const kernels = {
  bilinear: [1, (x: number) => 1 - Math.abs(x)],
  // Keys 1981, a = −1/2.
  bicubic: [
    2,
    (signed: number) => {
      const x = Math.abs(signed);
      return x <= 1 ? 1.5 * x ** 3 - 2.5 * x ** 2 + 1 : -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2;
    },
  ],
  lanczos: [
    3,
    (x: number) => {
      const sinc = (t: number) => (t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t));
      return sinc(x) * sinc(x / 3);
    },
  ],
} as const;

/**
 * What Pillow's `Image.resize` gives, slowly and in float64: for every target pixel a sum over all source pixels of its
 * row, rounded to whole levels, then over all of its column. Weights are the kernel at the distances of pixel centres, in
 * units of the reduction factor (of 1 where the image grows), normalised.
 * @param levels [height, width, 3]
 */
export function naiveResample(
  levels: ArrayLike<number>,
  [width, height]: readonly [number, number],
  [toWidth, toHeight]: readonly [number, number],
  filter: keyof typeof kernels,
): number[] {
  const [support, kernel] = kernels[filter];
  const weightsAt = (length: number, target: number, i: number) => {
    const step = length / target;
    const unit = Math.max(1, step);
    const centre = (i + 0.5) * step;
    // Pillow takes the pixels from ⌊c − r + ½⌋ to ⌊c + r + ½⌋: those whose centre is nearer than r, but for the rounding.
    const weights = Array.from({ length }, (_, j) => {
      const distance = (j + 0.5 - centre) / unit;
      return Math.abs(distance) < support ? kernel(distance) : 0;
    });
    const sum = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / sum);
  };
  const toLevel = (value: number) => Math.min(255, Math.max(0, Math.floor(value + 0.5)));

  const pass = (source: ArrayLike<number>, rows: number, length: number, target: number, at: PassIndex) => {
    const out = new Array<number>(rows * target * 3);
    for (let i = 0; i < target; i++) {
      const weights = weightsAt(length, target, i);
      const [first, last] = [weights.findIndex((w) => w !== 0), weights.findLastIndex((w) => w !== 0)];
      for (let row = 0; row < rows; row++)
        for (let channel = 0; channel < 3; channel++) {
          let sum = 0;
          for (let j = first; j <= last; j++)
            sum += weights[j]! * source[at(row, j, length, rows) + channel]!;
          out[at(row, i, target, rows) + channel] = toLevel(sum);
        }
    }
    return out;
  };
  const alongRows: PassIndex = (row, j, length) => (row * length + j) * 3;
  const alongColumns: PassIndex = (column, j, _, columns) => (j * columns + column) * 3;
  const widened = pass(levels, height, width, toWidth, alongRows);
  return pass(widened, toWidth, height, toHeight, alongColumns);
}

type PassIndex = (line: number, position: number, length: number, lines: number) => number;
