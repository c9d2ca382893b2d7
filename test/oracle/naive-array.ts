/** A tensor's value in float64, whatever its type in the engine: indices and truth values are numbers too. */
export interface NaiveArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float64Array;
}

export function naiveArray(shape: readonly number[], values: ArrayLike<number>): NaiveArray {
  if (values.length !== sizeOf(shape)) throw new Error(`[${shape}] does not hold ${values.length} values`);
  return { shape, values: Float64Array.from(values) };
}

/** The array whose element at every index is what `element` says. The index is one array, reused: copy it to keep it. */
export function tabulate(
  shape: readonly number[],
  element: (index: readonly number[], position: number) => number,
): NaiveArray {
  const values = new Float64Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let position = 0; position < values.length; position++) {
    values[position] = element(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
  return { shape, values };
}

/** Calls `visit` for every element, in row-major order. */
export function forEach(
  { shape, values }: NaiveArray,
  visit: (value: number, index: readonly number[], position: number) => void,
): void {
  tabulate(shape, (index, position) => {
    visit(values[position], index, position);
    return 0;
  });
}

export function at({ shape, values }: NaiveArray, index: readonly number[]): number {
  return values[positionOf(shape, index)];
}

/** Row-major position of an index. */
export function positionOf(shape: readonly number[], index: readonly number[]): number {
  return shape.reduce((position, length, axis) => position * length + index[axis], 0);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
