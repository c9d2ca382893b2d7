import type { OnProgress } from '../../core/progress.js';
import type { GraphSpecification } from '../emit.js';
import { simplify } from '../passes/simplify.js';
import type { SessionOptions } from '../session.js';
import { follow, topologicalOrder } from '../topological-order.js';
import { choiceOf, type LoweringChoice, type Lowerings } from './lowering-choice.js';
import { measureChoice } from './measure-choice.js';
import { fastestOf, readTuning, rememberTuning } from './tuning-file.js';

export interface TuningWishes {
  /** Lowerings to take whatever is measured, such as those of the run that is gone on with. */
  readonly lowerings?: Lowerings;
  /** Hears of measurements, which a machine that has made them before does not repeat. */
  readonly onTuning?: OnProgress;
}

/** Measuring is to cost less than it saves: what is left over after this time takes the first lowering. */
const budgetMs = 30_000;

/**
 * Settles how each operation of a training program is written that can be written in several ways: as the caller says, else
 * as measured on this machine before, else by measuring now. `IMAGEKIN_TUNING=off` takes the first lowering of each instead.
 *
 * Measures in the calling thread, one small program at a time: nothing else should run meanwhile.
 *
 * @returns the name of a lowering for every choice in the graph
 */
export async function chooseLowerings(
  graph: Pick<GraphSpecification, 'outputs' | 'bindings'>,
  options: SessionOptions & TuningWishes = {},
): Promise<Lowerings> {
  const outputs = Object.values(graph.outputs);
  const resolve = simplify(outputs, follow(graph.bindings));
  const choices = new Map<string, LoweringChoice>();
  for (const node of topologicalOrder(outputs, resolve)) {
    const choice = choiceOf(node);
    if (choice) choices.set(choice.key, choice);
  }
  const { lowerings: given = {}, onTuning } = options;
  const chosen: Record<string, string> = {};
  const open: LoweringChoice[] = [];
  for (const choice of choices.values()) {
    if (isCandidate(choice, given[choice.key])) chosen[choice.key] = given[choice.key]!;
    else if (process.env.IMAGEKIN_TUNING === 'off') chosen[choice.key] = choice.candidates[0]!.name;
    else open.push(choice);
  }
  if (open.length === 0) return chosen;

  const remembered = await readTuning(options);
  const unknown = open.filter((choice) => {
    const times = remembered[choice.key];
    const isComplete = times && choice.candidates.every(({ name }) => times[name] !== undefined);
    if (isComplete) chosen[choice.key] = fastestOf(choice.candidates, times);
    return !isComplete;
  });
  const measured: Record<string, Readonly<Record<string, number>>> = {};
  const deadline = performance.now() + budgetMs;
  for (const [i, choice] of unknown.entries()) {
    onTuning?.({
      task: 'measuring this machine, once',
      done: i,
      total: unknown.length,
      unit: 'operations',
    });
    if (performance.now() > deadline) {
      chosen[choice.key] = choice.candidates[0]!.name;
      continue;
    }
    measured[choice.key] = await measureChoice(choice, resolve, options);
    chosen[choice.key] = fastestOf(choice.candidates, measured[choice.key]!);
  }
  if (unknown.length > 0) await rememberTuning(measured, options);
  return chosen;
}

function isCandidate({ candidates }: LoweringChoice, name: string | undefined): boolean {
  return candidates.some((candidate) => candidate.name === name);
}
