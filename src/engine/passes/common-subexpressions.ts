import type { Node, Tensor } from '../tensor.js';
import type { Pass } from './pass.js';

/**
 * Operations without inputs whose value their attributes say: noise is what comes from outside by its name. Parameters and
 * inputs are themselves.
 */
const sources = new Set(['constant', 'zeros', 'noise']);

/** Operations that do not mind the order of their inputs. */
const commutative = new Set(['add', 'multiply', 'maximum', 'equal']);

/** Longest list of numbers that is compared element by element; longer ones are equal only to themselves. */
const mostCompared = 4096;

/** Computes once what is written several times: nodes of one operation with equal inputs and equal attributes. */
export const commonSubexpressions: Pass = (nodes, resolve) => {
  const replaced = new Map<Tensor, Tensor>();
  const ids = new Map<object, number>();
  const idOf = (thing: object) => {
    const id = ids.get(thing) ?? ids.size;
    ids.set(thing, id);
    return id;
  };
  const attributesOf = (node: Node) =>
    JSON.stringify(node.attributes, (_, value: unknown) => {
      if (typeof value === 'function') return { id: idOf(value) };
      // JSON has no −0 and no numbers that are not finite.
      if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
      if (!ArrayBuffer.isView(value) && !Array.isArray(value)) return value;
      const list = value as unknown as ArrayLike<unknown>;
      return list.length > mostCompared ? { id: idOf(value) } : Array.from(list);
    });
  const keyOf = (node: Node) => {
    const inputs = node.inputs.map((input) => {
      const bound = resolve(input);
      return idOf(replaced.get(bound) ?? bound);
    });
    if (commutative.has(node.operation.name)) inputs.sort((a, b) => a - b);
    return `${idOf(node.operation)} ${inputs.join()} ${attributesOf(node)}`;
  };

  const known = new Map<string, Node>();
  for (const node of nodes) {
    if (node.inputs.length === 0 && !sources.has(node.operation.name)) continue;
    const key = keyOf(node);
    const first = known.get(key);
    if (!first) known.set(key, node);
    else for (const [i, output] of node.outputs.entries()) replaced.set(output, first.outputs[i]!);
  }
  return replaced;
};
