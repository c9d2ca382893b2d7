import { shapeMismatch } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';

// Numbers as bytes and back share a file, and what byte stands for nothing.

/** The byte of the number 0. */
export const zeroByte = 128;

const quantizing: Operation<void> = {
  name: 'quantize',
  infer(inputs) {
    const [x, scale] = inputs as [Tensor, Tensor];
    if (x.dtype !== 'float32' || scale.dtype !== 'float32' || scale.rank !== 0)
      throw shapeMismatch('quantize', 'a float32 tensor and a float32 number', inputs, 'cast them');
    return [{ dtype: 'uint8', shape: x.shape }];
  },
  emit: ({ add, constant, inputs, outputs }) =>
    void add('QuantizeLinear', [...inputs, constant('uint8', [], [zeroByte])], {}, outputs),
};

/**
 * Multiples of a scale, as bytes: round(x / scale) + 128, halves to the even number, from 0 to 255. Without gradient.
 * @param x float32
 * @param scale float32 [], above 0
 */
export function quantize(x: Tensor, scale: Tensor): Tensor {
  return apply(quantizing, [x, scale], undefined);
}

const dequantizing: Operation<void> = {
  name: 'dequantize',
  infer(inputs) {
    const [x, scale] = inputs as [Tensor, Tensor];
    if (x.dtype !== 'uint8' || scale.dtype !== 'float32' || scale.rank !== 0)
      throw shapeMismatch('dequantize', 'a uint8 tensor and a float32 number', inputs, 'quantize it first');
    return [{ dtype: 'float32', shape: x.shape }];
  },
  emit: ({ add, constant, inputs, outputs }) =>
    void add('DequantizeLinear', [...inputs, constant('uint8', [], [zeroByte])], {}, outputs),
};

/** What `quantize` made bytes of, as far as they hold it: (x − 128) · scale, float32. Without gradient. */
export function dequantize(x: Tensor, scale: Tensor): Tensor {
  return apply(dequantizing, [x, scale], undefined);
}
