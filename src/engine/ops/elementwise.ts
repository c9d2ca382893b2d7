import { broadcastShape, shapeMismatch } from '../shape.js';
import { apply, type GradientContext, type Operation, type Tensor } from '../tensor.js';

type Gradient = (context: GradientContext<void>) => readonly (Tensor | undefined)[];

/**
 * An operation on each element of one float tensor.
 * @param written the type of the ONNX operation that does it, or how it is written as several
 */
export function unary(
  name: string,
  written: string | Operation<void>['emit'],
  gradient?: Gradient,
): (x: Tensor) => Tensor {
  const operation: Operation<void> = {
    name,
    infer([x]) {
      if (x!.dtype !== 'float32') throw shapeMismatch(name, 'a float32 tensor', [x!], 'cast it');
      return [x!];
    },
    emit:
      typeof written === 'string'
        ? ({ add, inputs, outputs }) => void add(written, inputs, {}, outputs)
        : written,
    ...(gradient && { gradient }),
  };
  return (x) => apply(operation, [x], undefined);
}

/** An operation on the elements of two tensors of one type, with broadcasting. */
export function binary(
  name: string,
  onnxType: string,
  gradient?: Gradient,
  resultType?: 'bool',
): (a: Tensor, b: Tensor) => Tensor {
  const operation: Operation<void> = {
    name,
    infer(inputs) {
      const [a, b] = inputs as [Tensor, Tensor];
      if (a.dtype !== b.dtype) throw shapeMismatch(name, 'tensors of one type', inputs, 'cast one of them');
      return [{ dtype: resultType ?? a.dtype, shape: broadcastShape(name, inputs) }];
    },
    broadcasts: true,
    emit: ({ add, inputs, outputs }) => void add(onnxType, inputs, {}, outputs),
    ...(gradient && { gradient }),
  };
  return (a, b) => apply(operation, [a, b], undefined);
}
