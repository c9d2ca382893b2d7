// @ts-check
/**
 * Reads the profiles that ONNX Runtime writes.
 *
 * @typedef {object} Kernel one node of the graph
 * @property {string} node its name
 * @property {string} operation of our engine
 * @property {string} line that applied the operation; `∂` before it where that was on behalf of its gradient
 * @property {string} operator of ONNX
 * @property {string} inputs their types and shapes
 * @property {string} outputs
 * @property {number} ms of one run
 *
 * @typedef {{ name: string, nodes: number, ms: number, share: number }} Total share: of all nodes' time
 */

const suffix = '_kernel_time';

/**
 * The nodes of a profile with the means of their times.
 * @param {any[]} events
 * @param {number} skippedRuns at the start, which do not count
 * @param {(name: string) => string} sourceOf puts the lines of TypeScript into a node's name
 * @returns {Kernel[]} slowest first
 */
export function kernels(events, skippedRuns, sourceOf) {
  /** @type {Map<string, any[]>} */
  const runsOf = new Map();
  for (const event of events) {
    if (event.cat !== 'Node' || !event.name.endsWith(suffix)) continue;
    const node = sourceOf(event.name.slice(0, -suffix.length));
    runsOf.set(node, [...(runsOf.get(node) ?? []), event]);
  }
  return [...runsOf]
    .map(([node, runs]) => {
      const { op_name: operator, input_type_shape: inputs, output_type_shape: outputs } = runs[0].args;
      const counted = runs.slice(skippedRuns);
      const microseconds = counted.reduce((sum, { dur }) => sum + dur, 0) / counted.length;
      return {
        node,
        ...origin(node),
        operator,
        inputs: shapes(inputs),
        outputs: shapes(outputs),
        ms: microseconds / 1000,
      };
    })
    .sort((a, b) => b.ms - a.ms);
}

/**
 * Nodes are named `operation_12` or `operation@folder/file.ts:34_12`; what ONNX Runtime inserts or fuses has names of its
 * own making, of which the beginning serves.
 * @param {string} node
 */
function origin(node) {
  const [, operation = node, line = '(unknown)'] = node.match(/^(\w*?)(?:@(\S+:\d+))?(?:_\d+.*)?$/) ?? [];
  return { operation, line };
}

/** @param {Record<string, number[]>[]} values such as [{ float: [256, 24] }] */
function shapes(values) {
  return values
    .map((value) =>
      Object.entries(value)
        .map(([type, shape]) => `${type === 'float' ? '' : type}[${shape.join('×')}]`)
        .join(),
    )
    .join(' ');
}

/**
 * Adds up the nodes that have something in common.
 * @param {Kernel[]} nodes
 * @param {(kernel: Kernel) => string} nameOf
 * @returns {Total[]} the most expensive first
 */
export function totals(nodes, nameOf) {
  const all = nodes.reduce((sum, { ms }) => sum + ms, 0);
  /** @type {Map<string, Total>} */
  const byName = new Map();
  for (const kernel of nodes) {
    const name = nameOf(kernel);
    const total = byName.get(name) ?? { name, nodes: 0, ms: 0, share: 0 };
    const ms = total.ms + kernel.ms;
    byName.set(name, { name, nodes: total.nodes + 1, ms, share: ms / all });
  }
  return [...byName.values()].sort((a, b) => b.ms - a.ms);
}
