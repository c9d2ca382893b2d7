import { ImagekinError } from '../core/errors.js';
import { onBehalfOf } from './call-site.js';
import { add } from './ops/add.js';
import { constant } from './ops/constant.js';
import { inBackwardPass } from './ops/recomputed.js';
import { shapeMismatch } from './shape.js';
import type { Node, Tensor } from './tensor.js';
import { topologicalOrder } from './topological-order.js';

/**
 * Gradients of a scalar loss by reverse-mode differentiation: walks the graph from the loss to the parameters and adds up
 * each operation's vector–Jacobian products. The gradients are tensors of the same graph.
 *
 * @param loss float32 []
 * @param parameters tensors to differentiate with respect to
 * @returns one gradient per parameter, of its shape
 * @throws `no-gradient` where an operation on the way has no gradient rule, or a parameter does not reach the loss
 */
export function gradients(loss: Tensor, parameters: readonly Tensor[]): Tensor[] {
  if (loss.rank !== 0)
    throw shapeMismatch('gradients', 'a scalar loss', [loss], 'reduce it with sum or mean');
  const order = topologicalOrder([loss]);
  const needed = nodesBehind(parameters, order);
  const wanted = new Set(parameters);
  const found = new Map<Tensor, Tensor>([[loss, constant(1)]]);
  const leadsToParameter = (tensor: Tensor) => wanted.has(tensor) || needed.has(tensor.node);

  for (const node of order.reverse()) {
    if (!needed.has(node)) continue;
    const outputGradients = node.outputs.map((output) => found.get(output));
    if (outputGradients.every((gradient) => gradient === undefined)) continue;
    const { operation, inputs, outputs, attributes } = node;
    if (!operation.gradient) {
      throw new ImagekinError('no-gradient', {
        where: 'gradients',
        expected: 'a gradient rule for every operation between the parameters and the loss',
        got: `'${operation.name}', which has none`,
        fix: 'use another operation or stopGradient before it',
      });
    }
    const context = {
      outputs,
      attributes,
      outputGradients,
      outputGradient: outputGradients[0]!,
      wants: (i: number) => leadsToParameter(inputs[i]!),
    };
    const inputGradients = onBehalfOf(node.source, () =>
      operation.gradient!({ ...context, inputs: inputs.map(inBackwardPass) }),
    );
    for (const [i, gradient] of inputGradients.entries()) {
      const input = inputs[i]!;
      if (gradient === undefined || !leadsToParameter(input)) continue;
      const before = found.get(input);
      found.set(input, before ? add(before, gradient) : gradient);
    }
  }

  return parameters.map((parameter, i) => {
    const gradient = found.get(parameter);
    if (gradient) return gradient;
    throw new ImagekinError('no-gradient', {
      where: 'gradients',
      expected: 'every parameter to reach the loss',
      got: `parameter ${i} (${parameter.node.operation.name}), which does not`,
      fix: 'leave it out or use it in the loss',
    });
  });
}

/** Nodes of `order` (inputs first) that depend on one of the tensors in a way that a gradient can go back. */
function nodesBehind(tensors: readonly Tensor[], order: readonly Node[]): Set<Node> {
  const wanted = new Set(tensors);
  const dependent = new Set<Node>();
  for (const node of order) {
    if (node.operation.stopsGradient) continue;
    if (node.inputs.some((input) => wanted.has(input) || dependent.has(input.node))) dependent.add(node);
  }
  return dependent;
}
