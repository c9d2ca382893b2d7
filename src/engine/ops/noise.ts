import { apply, type Operation, type Tensor } from '../tensor.js';

const operation: Operation<{ readonly name: string; readonly shape: readonly number[] }> = {
  name: 'noise',
  infer: (_, { shape }) => [{ dtype: 'float32', shape }],
  emit: ({ input, attributes: { name, shape } }) => input(name, 'float32', shape),
};

const prefix = 'noise:';

/**
 * Random numbers, uniform in [0, 1), given anew each time the program runs. They come from outside, as an input named
 * `noise:…`, so that a resumed run draws the same ones.
 */
export function noise(name: string, shape: readonly number[]): Tensor {
  return apply(operation, [], { name: `${prefix}${name}`, shape });
}

/** Whether an input of a program is one of noise. */
export function isNoise(inputName: string): boolean {
  return inputName.startsWith(prefix);
}
