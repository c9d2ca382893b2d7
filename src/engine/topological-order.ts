import type { Node, Tensor } from './tensor.js';

/** What stands in a tensor's place, or the tensor itself. */
export type Resolve = (tensor: Tensor) => Tensor;

/** Follows bindings, through any number of them. */
export function follow(bindings: ReadonlyMap<Tensor, Tensor> = new Map()): Resolve {
  return (tensor) => {
    let current = tensor;
    for (let bound = bindings.get(current); bound; bound = bindings.get(current)) current = bound;
    return current;
  };
}

/** Nodes that the outputs depend on, inputs before their users; iterative, so depth is no limit. */
export function topologicalOrder(outputs: readonly Tensor[], resolve: Resolve = (tensor) => tensor): Node[] {
  const order: Node[] = [];
  const done = new Set<Node>();
  const stack = outputs.map((tensor) => resolve(tensor).node).reverse();
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    const open = done.has(node)
      ? []
      : node.inputs.map((input) => resolve(input).node).filter((input) => !done.has(input));
    if (open.length > 0) {
      for (let i = open.length - 1; i >= 0; i--) stack.push(open[i]!);
      continue;
    }
    stack.pop();
    if (done.has(node)) continue;
    done.add(node);
    order.push(node);
  }
  return order;
}
