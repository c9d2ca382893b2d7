// @ts-check
/**
 * Where the time of a training step goes, for those who work on the engine: per operation, per line that applied it, per
 * ONNX operator, and the slowest nodes. Means over some steps of what ONNX Runtime's profile says.
 */
import os from 'node:os';
import { join } from 'node:path';
import { recordCallSites } from '../dist/engine/call-site.js';
import { recipes } from '../dist/learning/recipes/index.js';
import { flagValues, oneOf, wholeNumber } from './flags.js';
import { stepRunner } from './ours/step-runner.js';
import { kernels, totals } from './profile-events.js';
import { profiledProgram } from './profiled-program.js';
import { median, range } from './side-by-side.js';
import { sourceLines } from './source-lines.js';
import { printTable } from './table.js';
import { classCount, trainCases } from './train-cases.js';

export const name = 'profile';
export const summary = "where a training step's time goes: per operation, line, ONNX operator and node";
export const usage = '[--json] [--recipe accurate] [--batch 256] [--steps 5] [--threads CORES] [--top 15]';

/** Steps before those that count: the first ones allocate memory. */
const warmUpSteps = 2;

/** Recipes that ship, and those that only the benchmark has, such as ResNet-9. */
const profiled = { ...Object.fromEntries(trainCases.map(({ recipe }) => [recipe.name, recipe])), ...recipes };

/** @param {string[]} args */
export async function run(args) {
  const { recipe, batchSize, steps, threads, top } = parse(args);
  recordCallSites(true);
  /** @type {number[]} */
  const milliseconds = [];
  const events = await profiledProgram('nextParameters', async () => {
    const options = { batchSize, threads, classCount, learningRate: 1e-3, pauses: [1] };
    const { run: step } = await stepRunner(recipe, options);
    for (let i = -warmUpSteps; i < steps; i++) {
      const start = performance.now();
      await step();
      if (i >= 0) milliseconds.push(performance.now() - start);
    }
  });
  const nodes = kernels(events, warmUpSteps, sourceLines(join(import.meta.dirname, '../dist/learning')));
  return {
    cases: [
      {
        name: `training step of ${recipe.name}, batch ${batchSize}, profiled`,
        unit: 'ms',
        ours: median(milliseconds),
        peer: null,
        peerName: null,
        ratio: null,
        spread: { ours: range(milliseconds), peer: null },
      },
    ],
    operations: totals(nodes, ({ operation }) => operation),
    lines: totals(nodes, ({ line }) => line),
    operators: totals(nodes, ({ operator }) => operator),
    slowest: nodes.slice(0, top),
    top,
  };
}

/** @param {Awaited<ReturnType<typeof run>>} report */
export function print({ cases: [{ name, ours }], operations, lines, operators, slowest, top }) {
  const inNodes = operations.reduce((sum, { ms }) => sum + ms, 0);
  console.log(`${name}: ${ours.toFixed(1)} ms, ${inNodes.toFixed(1)} ms of it in the graph's nodes\n`);
  for (const [title, all] of Object.entries({
    operation: operations,
    'line (∂: its gradient)': lines,
    'ONNX operator': operators,
  })) {
    printTable(
      [title, 'nodes', 'ms', 'share'],
      all
        .slice(0, top)
        .map(({ name, nodes, ms, share }) => [
          name,
          `${nodes}`,
          ms.toFixed(2),
          `${(100 * share).toFixed(1)} %`,
        ]),
    );
    console.log();
  }
  printTable(
    ['slowest node', 'operator', 'ms', 'shapes'],
    slowest.map(({ node, operator, ms, inputs, outputs }) => [
      node,
      operator,
      ms.toFixed(2),
      `${inputs} → ${outputs}`,
    ]),
  );
}

/** @param {string[]} args */
function parse(args) {
  const values = flagValues(name, args, {
    recipe: 'accurate',
    batch: '256',
    steps: '5',
    threads: `${os.availableParallelism()}`,
    top: '15',
  });
  const number = (/** @type {string} */ flag) => wholeNumber(name, flag, values[flag]);
  return {
    recipe: profiled[oneOf(name, 'recipe', values.recipe, Object.keys(profiled))],
    batchSize: number('batch'),
    steps: number('steps'),
    threads: number('threads'),
    top: number('top'),
  };
}
