import type { Node, Tensor } from '../tensor.js';
import type { Resolve } from '../topological-order.js';

/**
 * Rewrites a graph before it is written: looks at its nodes, inputs before their users, and says what to put in the place
 * of which tensors, to the bit the same values. Inputs of a node are to be resolved, as what they name may be replaced.
 */
export type Pass = (nodes: readonly Node[], resolve: Resolve) => ReadonlyMap<Tensor, Tensor>;
