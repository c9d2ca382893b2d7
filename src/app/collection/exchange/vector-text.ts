/** Float32 numbers as JSON. Nine digits tell any two of them apart. */
export function vectorText(vector: Float32Array): string {
  let text = '[';
  for (let i = 0; i < vector.length; i++) text += `${i === 0 ? '' : ','}${Number(vector[i]!.toPrecision(9))}`;
  return `${text}]`;
}

/** A list of numbers; `undefined` where it is none. */
export function vectorOf(value: unknown): readonly number[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every((number) => typeof number === 'number')
    ? value
    : undefined;
}
