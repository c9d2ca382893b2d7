import type { Tensor } from '../tensor.js';
import { follow, type Resolve, topologicalOrder } from '../topological-order.js';
import { commonSubexpressions } from './common-subexpressions.js';
import { directBroadcasts } from './direct-broadcasts.js';
import { directSigns } from './direct-signs.js';
import type { Pass } from './pass.js';

/**
 * The passes that a graph goes through before it is written. Only what ONNX Runtime 1.30 leaves undone at its optimization
 * level 'all' is worth a pass; its optimized files were looked at, pattern by pattern and for the networks that ship:
 *
 * - It folds constants, whatever the size of the sub-graph, drops x·1, x+0, x−0, x/1 (scalars) and `Identity`, joins
 *   reshapes of reshapes, joins or cancels transposes (also past elementwise operations, and into `Gemm`), merges slices that
 *   cut up one tensor into a `Split`, and merges equal nodes with equal inputs in equal order.
 * - It keeps `Expand` before operations that stretch by themselves, which costs a pass over memory (as after the mean over
 *   the map in the seed network); −(−x), a + (−b) and a − (−b); a·b beside b·a; x + a tensor of zeros.
 *
 * Nodes that no output needs are never reached: a graph is walked from its outputs.
 */
const passes: readonly Pass[] = [directBroadcasts, directSigns, commonSubexpressions];

/**
 * Simplifies what the outputs depend on. All rewritings keep values to the bit, so that they change no gradient, no
 * checkpoint and no search result.
 * @returns what stands in a tensor's place, bindings and replacements together
 */
export function simplify(outputs: readonly Tensor[], bound: Resolve): Resolve {
  let resolve = bound;
  for (const pass of passes) {
    const before = resolve;
    const replaced = pass(topologicalOrder(outputs, before), before);
    if (replaced.size === 0) continue;
    const through = follow(replaced);
    resolve = (tensor) => through(before(tensor));
  }
  return resolve;
}
