import { add } from '../ops/add.js';
import { subtract } from '../ops/subtract.js';
import type { Tensor } from '../tensor.js';
import type { Pass } from './pass.js';

/** −(−x) becomes x, a + (−b) a − b, (−a) + b b − a, and a − (−b) a + b: what gradients of differences leave behind. */
export const directSigns: Pass = (nodes, resolve) => {
  const replaced = new Map<Tensor, Tensor>();
  const current = (tensor: Tensor) => {
    const bound = resolve(tensor);
    return replaced.get(bound) ?? bound;
  };
  /** x, of −x. */
  const negated = (tensor: Tensor) =>
    tensor.node.operation.name === 'negate' ? current(tensor.node.inputs[0]!) : undefined;

  for (const { operation, inputs, outputs } of nodes) {
    const [a, b] = inputs.map(current) as [Tensor, Tensor];
    const simpler = (): Tensor | undefined => {
      if (operation.name === 'negate') return negated(a);
      if (operation.name !== 'add' && operation.name !== 'subtract') return undefined;
      const minusB = negated(b);
      if (minusB) return operation.name === 'add' ? subtract(a, minusB) : add(a, minusB);
      const minusA = operation.name === 'add' ? negated(a) : undefined;
      return minusA && subtract(b, minusA);
    };
    const found = simpler();
    if (found) replaced.set(outputs[0]!, found);
  }
  return replaced;
};
