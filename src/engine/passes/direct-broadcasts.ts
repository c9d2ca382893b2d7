import { broadcastShape, sameShape } from '../shape.js';
import { Node, type Tensor } from '../tensor.js';
import type { Pass } from './pass.js';

/**
 * Leaves out stretching before operations that stretch by themselves: a·broadcastTo(b) becomes a·b where the shape of the
 * result stays. Gradients of sums and means are stretched, and mostly meet such an operation next.
 */
export const directBroadcasts: Pass = (nodes, resolve) => {
  const replaced = new Map<Tensor, Tensor>();
  for (const node of nodes) {
    if (!node.operation.broadcasts) continue;
    let inputs: readonly Tensor[] = node.inputs.map(resolve);
    for (const [i, input] of inputs.entries()) {
      const direct = inputs.with(i, unstretched(input, resolve));
      if (sameShape(broadcastShape(node.operation.name, direct), node.outputs[0]!.shape)) inputs = direct;
    }
    if (inputs.every((input, i) => input === resolve(node.inputs[i]!))) continue;
    replaced.set(node.outputs[0]!, new Node(node.operation, inputs, node.attributes).outputs[0]!);
  }
  return replaced;
};

function unstretched(tensor: Tensor, resolve: (tensor: Tensor) => Tensor): Tensor {
  let current = tensor;
  while (current.node.operation.name === 'broadcastTo') current = resolve(current.node.inputs[0]!);
  return current;
}
