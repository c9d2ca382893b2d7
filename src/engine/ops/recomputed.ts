import { apply, type Operation, type Tensor } from '../tensor.js';

interface RecomputedAttributes {
  readonly again: () => Tensor;
}

const operation: Operation<RecomputedAttributes> = {
  name: 'recomputed',
  infer: ([x]) => [x!],
  // ONNX Runtime takes it out.
  emit: ({ add, inputs, outputs }) => void add('Identity', inputs, {}, outputs),
  gradient: ({ outputGradient: g }) => [g],
};

/**
 * x, which the backward pass computes anew, so that it need not be held from the forward pass on: worth it for what is
 * large and cheap.
 *
 * @param again the same value from other nodes. They have to differ from those of x in an attribute and in what is written,
 * or else our passes or ONNX Runtime merge them with those of x
 */
export function recomputed(x: Tensor, again: () => Tensor): Tensor {
  return apply(operation, [x], { again });
}

/** What the gradient rules of the operations that use a tensor are to use. */
export function inBackwardPass(x: Tensor): Tensor {
  return x.node.operation.name === operation.name ? (x.node.attributes as RecomputedAttributes).again() : x;
}
