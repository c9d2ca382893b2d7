import { createHash } from 'node:crypto';
import type { Lowering, Node } from '../tensor.js';

/** Names of lowerings, by the key of the choice that each settles. Plain, so that a checkpoint can keep it. */
export type Lowerings = Readonly<Record<string, string>>;

/** An operation on certain shapes, with certain attributes, that can be written in several ways. */
export interface LoweringChoice {
  /** `step float32[64,8]`: equal for all nodes that the same lowering is best for. */
  readonly key: string;
  readonly node: Node;
  /** The one to take unmeasured first. */
  readonly candidates: readonly Lowering<unknown>[];
}

/** Attributes whose JSON is longer, such as matrices, stand in a key by their hash. */
const longestAttributes = 120;

/** The choice that writing a node is; `undefined` where there is one way only. */
export function choiceOf(node: Node): LoweringChoice | undefined {
  const candidates = node.operation.lowerings?.(node) ?? [];
  return candidates.length > 1 ? { key: keyOf(node), node, candidates } : undefined;
}

/** The lowering named for a node, else the first; `undefined` for an operation without any. */
export function chosenLowering(node: Node, lowerings: Lowerings = {}): Lowering<unknown> | undefined {
  const choice = choiceOf(node);
  if (!choice) return undefined;
  const name = lowerings[choice.key];
  return choice.candidates.find((candidate) => candidate.name === name) ?? choice.candidates[0];
}

function keyOf({ operation, inputs, attributes }: Node): string {
  const types = inputs.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`);
  const json = attributes === undefined ? '' : JSON.stringify(attributes);
  const written =
    json.length > longestAttributes ? createHash('sha256').update(json).digest('hex').slice(0, 16) : json;
  return [operation.name, ...types, written].join(' ').trimEnd();
}
