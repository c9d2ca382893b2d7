import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { tinyImages } from '../../test/fixtures/tiny-images.js';
import { tinyRecipe } from '../../test/fixtures/tiny-recipe.js';
import { readCheckpoint } from './checkpoint.js';
import { trainEmbedding } from './train-embedding.js';
import { shareInAverage } from './weight-average.js';

/** The average after each step, in float64, from a start that must not show. */
function averages(values: readonly number[], options: { decay: number; everySteps?: number }): number[] {
  let average = 1e6;
  return values.map((value, i) => {
    average += shareInAverage(i + 1, options) * (value - average);
    return average;
  });
}

describe('shareInAverage', () => {
  const values = [3, -1, 4, 1, -5, 9];

  it('makes the average weigh what came n times ago by decay to the n-th', () => {
    for (const [i, average] of averages(values, { decay: 0.8 }).entries()) {
      const weights = values.slice(0, i + 1).map((_, at) => 0.8 ** (i - at));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const expected = weights.reduce((sum, weight, at) => sum + weight * values[at], 0) / total;
      expect(average).toBeCloseTo(expected, 8);
    }
  });

  it('takes in every so manieth step alone', () => {
    const sparse = averages(values, { decay: 0.8, everySteps: 2 });
    const [first, second, third] = averages([-1, 1, 9], { decay: 0.8 });
    expect(sparse).toEqual([1e6, first, first, second, second, third]);
  });

  it('takes the newest weights alone with a decay of 0', () => {
    for (const [i, average] of averages(values, { decay: 0 }).entries())
      expect(average).toBeCloseTo(values[i], 8);
  });
});

describe('a run with averaged weights', () => {
  it('ends with the averages of weights and states, stopped and resumed or not', async () => {
    const run = async (stopAfter?: number) => {
      const controller = new AbortController();
      let steps = 0;
      const request = {
        recipe: tinyRecipe({ averageWeights: { decay: 0.8, everySteps: 2 } }),
        images: tinyImages({ classes: 4, perClass: 3 }),
        seed: 3,
        checkpointPath: join(await temporaryDirectory(), 'run.checkpoint'),
        threads: 1,
        mostStepsPerRun: 1,
      };
      const onProgress = () => {
        steps++;
        if (steps === stopAfter) controller.abort();
      };
      let outcome = await trainEmbedding({ ...request, onProgress, signal: controller.signal });
      if (stopAfter !== undefined) {
        expect(outcome.finished).toBe(false);
        outcome = await trainEmbedding({ ...request, resume: true });
      }
      const { parameters, states } = outcome.trained;
      return { state: (await readCheckpoint(request.checkpointPath)).state, parameters, states };
    };
    const { state, parameters, states } = await run();
    expect({ parameters, states }).toEqual(state.average);
    expect(parameters).not.toEqual(state.parameters);
    expect(states).not.toEqual(state.states);
    expect(await run(5)).toEqual({ state, parameters, states });
  });
});
