import { Node, type Tensor } from './tensor.js';
import { follow, topologicalOrder } from './topological-order.js';

type Outputs = Readonly<Record<string, Tensor>>;

/** A graph that is run again and again, each time on what the time before put out. */
export interface Recurrence {
  readonly outputs: Outputs;
  /** As in `GraphSpecification`. */
  readonly bindings?: ReadonlyMap<Tensor, Tensor>;
  /** By the name of an input: the output whose value it takes the next time. */
  readonly carried: ReadonlyMap<string, string>;
}

/** The name at a time, the first being 0, of an input or output that is not carried. */
export function atTime(name: string, time: number): string {
  return time === 0 ? name : `${name}@${time}`;
}

/**
 * Some runs of a graph in a row as one graph. What is carried comes in before the first of them and goes out after the last;
 * all other inputs and outputs are there for each, named by `atTime`.
 * @returns its outputs, under the same bindings
 */
export function unrolled({ outputs, bindings, carried }: Recurrence, times: number): Record<string, Tensor> {
  const resolve = follow(bindings);
  const nodes = topologicalOrder(Object.values(outputs), resolve);
  const handedOn = new Set(carried.values());
  const all: Record<string, Tensor> = {};
  let latest = outputs;
  for (let time = 0; time < times; time++) {
    if (time > 0) latest = nextTime(latest, time);
    for (const [name, tensor] of Object.entries(latest))
      if (!handedOn.has(name)) all[atTime(name, time)] = tensor;
  }
  for (const name of handedOn) all[name] = latest[name]!;
  return all;

  function nextTime(before: Outputs, time: number): Outputs {
    const copies = new Map<Tensor, Tensor>();
    const copyOf = (tensor: Tensor) => copies.get(resolve(tensor))!;
    for (const node of nodes) {
      const copied = fromOutside.has(node.operation.name)
        ? given(node as Node<Named>, before, time)
        : copyWith(node, node.inputs.map(copyOf));
      for (const [i, output] of node.outputs.entries()) copies.set(output, copied[i]!);
    }
    return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, copyOf(tensor)]));
  }

  function given({ operation, attributes, source }: Node<Named>, before: Outputs, time: number) {
    const output = carried.get(attributes.name);
    if (output !== undefined) return [before[output]!];
    return new Node(operation, [], { ...attributes, name: atTime(attributes.name, time) }, source).outputs;
  }
}

/** Operations whose value comes from outside, under the name in their attributes. */
const fromOutside = new Set(['input', 'noise']);

interface Named {
  readonly name: string;
}

function copyWith(
  { operation, inputs: { length }, outputs, attributes, source }: Node,
  inputs: readonly Tensor[],
) {
  return length === 0 ? outputs : new Node(operation, inputs, attributes, source).outputs;
}
