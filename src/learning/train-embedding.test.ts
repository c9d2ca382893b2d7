import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { tinyImages } from '../../test/fixtures/tiny-images.js';
import { tinyNetwork, tinyRecipe } from '../../test/fixtures/tiny-recipe.js';
import type { Progress } from '../core/progress.js';
import { InMemoryImages } from '../data/in-memory-images.js';
import type { LabelledImages } from '../data/labelled-images.js';
import { add } from '../engine/index.js';
import { type Checkpoint, readCheckpoint } from './checkpoint.js';
import type { TrainedNetwork } from './embedding-graph.js';
import { contrastive, pairSoftmax } from './losses/index.js';
import { sgd } from './optimizers/index.js';
import { classBalanced } from './samplers/index.js';
import { constantRate } from './schedules/index.js';
import { type TrainingRequest, trainEmbedding } from './train-embedding.js';
import type { StepRecord, TrainingRecord } from './training-record.js';
import type { Validation } from './validation.js';

const images = tinyImages({ classes: 4, perClass: 3 });
const newPath = async () => join(await temporaryDirectory(), 'run.checkpoint');

async function request(changes: Partial<TrainingRequest> = {}): Promise<TrainingRequest> {
  return {
    recipe: tinyRecipe(),
    images,
    seed: 3,
    checkpointPath: await newPath(),
    threads: 1,
    mostStepsPerRun: 1,
    ...changes,
  };
}

/** A signal that stops a run after some steps, and the progress handler that gives it. */
function stopAfter(steps: number) {
  const controller = new AbortController();
  let done = 0;
  return {
    signal: controller.signal,
    onProgress: () => {
      done++;
      if (done === steps) controller.abort();
    },
  };
}

/** All of a run that is not time. */
const withoutTimes = ({ state, record }: Checkpoint) => ({ state, record: recordWithoutTimes(record) });

function recordWithoutTimes(record: TrainingRecord) {
  const { epochs, validations, epochSoFar, ...rest } = record;
  return {
    ...rest,
    epochs: epochs.map(({ seconds: _, ...epoch }) => epoch),
    validations: validations.map(({ seconds: _, ...validation }) => validation),
    epochSoFar: { ...epochSoFar, seconds: 0 },
  };
}

describe('trainEmbedding', () => {
  it('refuses a loss of pairs with batches of more images of a class, before it computes anything', async () => {
    const recipe = {
      ...tinyRecipe(),
      loss: pairSoftmax({ temperature: 0.2 }),
      sampler: classBalanced({ imagesPerClass: 3 }),
    };
    await expect(trainEmbedding(await request({ recipe }))).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringMatching(/^loss pair-softmax: expected .*2 images.*, got .*3; /),
    });
  });

  it('refuses a loss that compares images with batches in which none has another of its class', async () => {
    const recipe = { ...tinyRecipe(), loss: contrastive(), sampler: classBalanced({ imagesPerClass: 1 }) };
    await expect(trainEmbedding(await request({ recipe }))).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringMatching(/^loss contrastive: expected .*2 or more images.*, got .*1; /),
    });
  });

  it('lowers the loss, epoch by epoch', async () => {
    const { finished, step, record } = await trainEmbedding(
      await request({ recipe: tinyRecipe({ epochs: 4, batchesPerEpoch: 40 }) }),
    );
    expect(finished).toBe(true);
    expect(step).toBe(160);
    const { epochs } = record;
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(epochs[3].loss).toBeLessThan(0.8 * epochs[0].loss);
    for (const { seconds } of epochs) expect(seconds).toBeGreaterThan(0);
  });

  it('gives the same weights for the same seed, on all cores too, and others for another', async () => {
    const weights = async (changes: Partial<TrainingRequest>) =>
      (await trainEmbedding(await request({ threads: undefined, ...changes }))).trained.parameters;
    const first = await weights({});
    expect(await weights({})).toEqual(first);
    expect(await weights({ seed: 4 })).not.toEqual(first);
  });

  it.each([1, 3, 4, 5, 8, 11])(
    'stopped after step %d of 12 and resumed, ends as if it had never stopped: weights, slots, losses',
    async (stop) => {
      const whole = await request();
      const uninterrupted = await trainEmbedding(whole);

      const { signal, onProgress } = stopAfter(stop);
      const first = await request({ signal, onProgress });
      const stopped = await trainEmbedding(first);
      expect(stopped.finished).toBe(false);
      expect(stopped.step).toBe(stop);
      const resumed = await trainEmbedding({
        ...first,
        signal: undefined,
        onProgress: undefined,
        resume: true,
      });

      expect(resumed.finished).toBe(true);
      expect(resumed.trained.parameters).toEqual(uninterrupted.trained.parameters);
      expect(resumed.trained.states).toEqual(uninterrupted.trained.states);
      expect(withoutTimes(await readCheckpoint(first.checkpointPath))).toEqual(
        withoutTimes(await readCheckpoint(whole.checkpointPath)),
      );
    },
  );

  it('stopped at every step and resumed each time, ends as if it had never stopped', async () => {
    const whole = await request();
    const uninterrupted = await trainEmbedding(whole);
    const base = await request();
    let outcome = await trainEmbedding({ ...base, ...stopAfter(1) });
    for (let step = 2; step <= 12; step++) {
      expect(outcome.finished).toBe(false);
      outcome = await trainEmbedding({ ...base, ...stopAfter(1), resume: true });
    }
    expect(outcome.finished).toBe(true);
    expect(outcome.trained.parameters).toEqual(uninterrupted.trained.parameters);
    expect(recordWithoutTimes(outcome.record)).toEqual(recordWithoutTimes(uninterrupted.record));
  });

  it('killed in the middle of an epoch, goes on from the last one as if nothing had happened', async () => {
    const whole = await request();
    const uninterrupted = await trainEmbedding(whole);
    const killed = await request();
    let steps = 0;
    const onProgress = () => {
      if (++steps === 7) throw new Error('killed');
    };
    await expect(trainEmbedding({ ...killed, onProgress })).rejects.toThrow('killed');
    expect((await readCheckpoint(killed.checkpointPath)).state.step).toBe(4);
    const resumed = await trainEmbedding({ ...killed, resume: true });
    expect(resumed.trained.parameters).toEqual(uninterrupted.trained.parameters);
  });

  it('keeps what was done when the signal comes in the middle of an epoch', async () => {
    const stopping = await request(stopAfter(6));
    const { trained, record } = await trainEmbedding(stopping);
    const kept = await readCheckpoint(stopping.checkpointPath);
    expect(kept.state.step).toBe(6);
    expect(kept.state.parameters).toEqual(trained.parameters);
    expect(kept.record).toEqual(record);
    expect(record.epochs.length).toBe(1);
    expect(record.epochSoFar.loss).toBeGreaterThan(0);
  });

  it('takes no step where the signal has come before', async () => {
    const stopped = await request({ signal: AbortSignal.abort() });
    expect((await trainEmbedding(stopped)).step).toBe(0);
    expect((await readCheckpoint(stopped.checkpointPath)).state.step).toBe(0);
  });

  it('does nothing more where the run to be resumed has come to its end', async () => {
    const whole = await request();
    const first = await trainEmbedding(whole);
    const again = await trainEmbedding({
      ...whole,
      resume: true,
      onProgress: () => expect.unreachable('no step was left'),
    });
    expect(again.finished).toBe(true);
    expect(again.trained.parameters).toEqual(first.trained.parameters);
    expect(again.record).toEqual(first.record);
  });

  it('starts anew where there is nothing to resume, and where it is not asked to', async () => {
    const whole = await request();
    const first = await trainEmbedding({ ...whole, resume: true });
    expect(first.finished).toBe(true);
    const { step } = await trainEmbedding({ ...whole, ...stopAfter(2) });
    expect(step).toBe(2);
  });

  it('reports an epoch only once it is on disk', async () => {
    const whole = await request();
    const reported: number[] = [];
    await trainEmbedding({
      ...whole,
      async onEpoch(record) {
        const { epochs } = record;
        const kept = await readCheckpoint(whole.checkpointPath);
        expect(kept.record).toEqual(record);
        expect(kept.state.step).toBe(4 * epochs.length);
        reported.push(epochs.at(-1)!.epoch);
      },
    });
    expect(reported).toEqual([1, 2, 3]);
  });

  it('reports progress in images, and what was done in earlier sittings apart', async () => {
    const base = await request();
    await trainEmbedding({ ...base, ...stopAfter(5) });
    const seen: Progress[] = [];
    await trainEmbedding({ ...base, resume: true, onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBe(7);
    expect(seen[0]).toMatchObject({
      task: 'training',
      done: 6 * 8,
      total: 12 * 8,
      unit: 'images',
      startedWith: 5 * 8,
      figures: { epoch: '2/3', loss: expect.stringMatching(/^\d\.\d{4}$/) },
    });
    expect(seen.at(-1)).toMatchObject({ done: 12 * 8, figures: { epoch: '3/3' } });
  });

  describe('where steps are taken as one', () => {
    const joined = { mostStepsPerRun: undefined };

    it('trains as one by one, and tells of every step', async () => {
      const told = async (changes: Partial<TrainingRequest>) => {
        const steps: StepRecord[] = [];
        const asked = await request({ ...changes, onStep: (step) => void steps.push(step) });
        await trainEmbedding(asked);
        return { steps, ...withoutTimes(await readCheckpoint(asked.checkpointPath)) };
      };
      const oneByOne = await told({});
      expect(oneByOne.steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      expect(await told(joined)).toEqual(oneByOne);
      expect(await told({ ...joined, workers: 2 })).toEqual(oneByOne);
    });

    it('reports progress after so many as divide an epoch', async () => {
      const done: number[] = [];
      const onProgress = (progress: Progress) => void done.push(progress.done / 8);
      await trainEmbedding(await request({ ...joined, onProgress }));
      expect(done).toEqual([4, 8, 12]);
    });

    it('stopped and resumed, ends as if it had never stopped', async () => {
      const whole = await request(joined);
      const uninterrupted = await trainEmbedding(whole);
      const base = await request(joined);
      const stopped = await trainEmbedding({ ...base, ...stopAfter(2) });
      expect([stopped.finished, stopped.step]).toEqual([false, 8]);
      const resumed = await trainEmbedding({ ...base, resume: true });
      expect(resumed.trained.parameters).toEqual(uninterrupted.trained.parameters);
      expect(withoutTimes(await readCheckpoint(base.checkpointPath))).toEqual(
        withoutTimes(await readCheckpoint(whole.checkpointPath)),
      );
    });

    it('validates when it is due', async () => {
      const asked = await request(joined);
      const { record } = await trainEmbedding({
        ...asked,
        validation: {
          metric: 'mapAtR',
          every: { steps: 6 },
          bestCheckpointPath: `${asked.checkpointPath}.best`,
          identity: {},
          measure: async () => ({ value: 0.5, statistics: {} }),
        },
      });
      expect(record.validations.map(({ step, epoch }) => [step, epoch])).toEqual([
        [6, 2],
        [12, 3],
      ]);
    });

    it('names the step that diverged', async () => {
      let step = 0;
      const schedule = { ...constantRate(1e-3), learningRate: () => (++step > 6 ? Number.NaN : 1e-3) };
      const asked = await request({ ...joined, recipe: tinyRecipe({ schedule }) });
      await expect(trainEmbedding(asked)).rejects.toMatchObject({
        code: 'training-diverged',
        message: expect.stringMatching(/^training, step 8: /),
      });
    });
  });

  describe('with validation', () => {
    /** A value of the weights alone, as a metric is: how far they have come from zero, up and down over the run. */
    const figureOf = ({ trained }: { trained: TrainedNetwork }) =>
      Math.sin(40 * trained.parameters.reduce((sum, value) => sum + Math.abs(value), 0));
    const validated = async (changes: Partial<Validation> = {}): Promise<TrainingRequest> => {
      const base = await request();
      return {
        ...base,
        validation: {
          metric: 'mapAtR',
          every: { steps: 2 },
          bestCheckpointPath: `${base.checkpointPath}.best`,
          identity: { data: 'abc' },
          measure: async (trained) => ({ value: figureOf({ trained }), statistics: { recallAt1: 0.5 } }),
          ...changes,
        },
      };
    };
    /** Measures that give these values in turn, and stay at the last. */
    const inTurn = (values: readonly number[]): Pick<Validation, 'measure'> => {
      let next = 0;
      return {
        measure: async () => ({ value: values[Math.min(next++, values.length - 1)], statistics: {} }),
      };
    };

    it('measures when it is due, tells of it once it is on disk, and trains as it would without', async () => {
      const asked = await validated({ every: { steps: 5 } });
      const told: number[] = [];
      const { record, trained } = await trainEmbedding({
        ...asked,
        async onValidation(record) {
          expect((await readCheckpoint(asked.checkpointPath)).record).toEqual(record);
          told.push(record.validations.at(-1)!.step);
        },
      });
      expect(told).toEqual([5, 10, 12]);
      expect(record.validations.map(({ step, epoch }) => [step, epoch])).toEqual([
        [5, 2],
        [10, 3],
        [12, 3],
      ]);
      expect(record.validations[0]).toMatchObject({ metric: 'mapAtR', statistics: { recallAt1: 0.5 } });
      expect(record.validations.at(-1)!.value).toBe(figureOf({ trained }));
      expect(trained.parameters).toEqual((await trainEmbedding(await request())).trained.parameters);
    });

    it('keeps the best, which is the run as it was at its largest value', async () => {
      const asked = await validated({ every: { epochs: 1 }, ...inTurn([0.2, 0.7, 0.4]) });
      const { best, trained, record } = await trainEmbedding(asked);
      const short = tinyRecipe({ schedule: { ...tinyRecipe().schedule } });
      // The same run, stopped where the value was the largest.
      const stopped = await trainEmbedding(await request({ recipe: short, ...stopAfter(8) }));
      expect(best!.parameters).toEqual(stopped.trained.parameters);
      expect(best!.states).toEqual(stopped.trained.states);
      expect(best!.parameters).not.toEqual(trained.parameters);
      expect(record.validations.map(({ value }) => value)).toEqual([0.2, 0.7, 0.4]);
      const kept = await readCheckpoint(asked.validation!.bestCheckpointPath);
      expect(kept.state.step).toBe(8);
    });

    it('keeps the averages as the best, where the recipe wants some', async () => {
      const averaged = { recipe: tinyRecipe({ averageWeights: { decay: 0.5 } }) };
      const asked = await validated({ every: { epochs: 1 }, ...inTurn([0.7, 0.2, 0.4]) });
      const { best } = await trainEmbedding({ ...asked, ...averaged });
      const stopped = await trainEmbedding(await request({ ...averaged, ...stopAfter(4) }));
      expect(best!.parameters).toEqual(stopped.trained.parameters);
    });

    it('stops where there has been no improvement for as long as it has patience', async () => {
      const asked = await validated({
        earlyStopping: { patience: 2, minDelta: 0.05 },
        ...inTurn([0.1, 0.5, 0.54, 0.5, 0.9, 0.9]),
      });
      const { finished, stoppedEarly, step, best, record } = await trainEmbedding(asked);
      expect({ finished, stoppedEarly, step }).toEqual({ finished: true, stoppedEarly: true, step: 8 });
      expect(record.validations).toHaveLength(4);
      // 0.54 is no improvement that would have kept the run going, but the best nevertheless.
      const stopped = await trainEmbedding(await request(stopAfter(6)));
      expect(best!.parameters).toEqual(stopped.trained.parameters);
      const again = await trainEmbedding({
        ...asked,
        resume: true,
        onProgress: () => expect.unreachable('the run was over'),
      });
      expect({ ...again, record }).toEqual({
        finished,
        stoppedEarly,
        step,
        best,
        record,
        trained: again.trained,
      });
    });

    it('does not call it early where patience ends with the last step', async () => {
      const asked = await validated({ earlyStopping: { patience: 5 }, ...inTurn([0.5, 0.4]) });
      expect(await trainEmbedding(asked)).toMatchObject({ finished: true, stoppedEarly: false, step: 12 });
    });

    it('stopped after every step and resumed each time, ends as if it had never stopped: weights, best, record', async () => {
      const changes = { every: { steps: 3 }, earlyStopping: { patience: 3 } };
      const whole = await validated(changes);
      const uninterrupted = await trainEmbedding(whole);
      const base = await validated(changes);
      let outcome = await trainEmbedding({ ...base, ...stopAfter(1) });
      while (!outcome.finished) outcome = await trainEmbedding({ ...base, ...stopAfter(1), resume: true });
      const { record, ...rest } = outcome;
      const { record: wholeRecord, ...wholeRest } = uninterrupted;
      expect(JSON.stringify(rest)).toBe(JSON.stringify(wholeRest));
      expect(rest.trained.parameters).toEqual(wholeRest.trained.parameters);
      expect(rest.best!.parameters).toEqual(wholeRest.best!.parameters);
      expect(recordWithoutTimes(record)).toEqual(recordWithoutTimes(wholeRecord));
    });

    it.each([1, 2, 3, 4])(
      'killed in validation %d, or between keeping the best and the run, ends as if it had not been',
      async (at) => {
        const whole = await validated({ every: { steps: 3 } });
        const uninterrupted = await trainEmbedding(whole);
        const base = await validated({ every: { steps: 3 } });
        let count = 0;
        const measure: Validation['measure'] = async (trained) => {
          if (++count === at) throw new Error('killed');
          return { value: figureOf({ trained }), statistics: { recallAt1: 0.5 } };
        };
        const killed = { ...base, validation: { ...base.validation!, measure } };
        await expect(trainEmbedding(killed)).rejects.toThrow('killed');
        // As a kill between the two files leaves it: the best is ahead of the run.
        await writeFile(
          base.validation!.bestCheckpointPath,
          await readFile(whole.validation!.bestCheckpointPath),
        );
        const resumed = await trainEmbedding({ ...base, resume: true });
        expect(resumed.trained.parameters).toEqual(uninterrupted.trained.parameters);
        expect(resumed.best!.parameters).toEqual(uninterrupted.best!.parameters);
        expect(recordWithoutTimes(resumed.record)).toEqual(recordWithoutTimes(uninterrupted.record));
      },
    );

    it('stopped by the signal in the middle of a validation, begins with it when resumed', async () => {
      const controller = new AbortController();
      const base = await validated();
      const measure: Validation['measure'] = async () => {
        controller.abort();
        throw controller.signal.reason;
      };
      const stopped = await trainEmbedding({
        ...base,
        validation: { ...base.validation!, measure },
        signal: controller.signal,
      });
      expect(stopped).toMatchObject({ finished: false, step: 2, record: { validations: [] } });
      const seen: number[] = [];
      await trainEmbedding({
        ...base,
        resume: true,
        onValidation: (r) => void seen.push(r.validations.at(-1)!.step),
      });
      expect(seen).toEqual([2, 4, 6, 8, 10, 12]);
    });

    it.each<[string, Partial<Validation>]>([
      ['metric', { metric: 'recallAt1' }],
      ['cadence', { every: { steps: 3 } }],
      ['patience', { earlyStopping: { patience: 9 } }],
      ['images', { identity: { data: 'other' } }],
    ])('is not gone on with by another %s', async (_, changes) => {
      const base = await validated();
      await trainEmbedding({ ...base, ...stopAfter(3) });
      const other = { ...base, validation: { ...base.validation!, ...changes }, resume: true };
      await expect(trainEmbedding(other)).rejects.toMatchObject({
        code: 'checkpoint-mismatch',
        message: expect.stringContaining('got one with another validation;'),
      });
      await expect(trainEmbedding({ ...base, validation: undefined, resume: true })).rejects.toMatchObject({
        code: 'checkpoint-mismatch',
      });
    });

    it('says so where the best has been taken away', async () => {
      const base = await validated(inTurn([1, 0]));
      await trainEmbedding({ ...base, ...stopAfter(5) });
      await rm(base.validation!.bestCheckpointPath);
      await expect(trainEmbedding({ ...base, resume: true })).rejects.toMatchObject({
        code: 'checkpoint-damaged',
        message: expect.stringMatching(/best validation, after step 2, got no such file/),
      });
    });
  });

  describe('tells its hooks', () => {
    it('of every step: loss, learning rate, statistics of the batch and what the loss reports', async () => {
      const inner = pairSoftmax({ temperature: 0.2 });
      const recipe = tinyRecipe({
        clipNorm: 0.5,
        loss: {
          ...inner,
          build(batch) {
            const loss = inner.build(batch);
            batch.report('doubled', add(loss, loss));
            return loss;
          },
        },
      });
      const steps: StepRecord[] = [];
      const { record } = await trainEmbedding({
        ...(await request({ recipe })),
        onStep: (step) => void steps.push(step),
      });
      expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      for (const { step, epoch, loss, learningRate, statistics } of steps) {
        expect(epoch).toBe(Math.ceil(step / 4));
        expect(learningRate).toBe(recipe.schedule.learningRate(step - 1, 12));
        expect(statistics.doubled).toBeCloseTo(2 * loss, 5);
        expect(statistics.gradientNorm).toBeGreaterThan(0);
        expect(Object.keys(statistics).sort()).toEqual(
          ['deviation', 'doubled', 'gradientNorm', 'meanCosine', 'participationRatio'].sort(),
        );
      }
      const ofFirst = steps.slice(0, 4).reduce((sum, { statistics }) => sum + statistics.doubled, 0) / 4;
      expect(record.epochs[0].statistics.doubled).toBeCloseTo(ofFirst, 10);
    });

    it('that it begins, only where it may', async () => {
      const base = await request();
      await trainEmbedding({ ...base, ...stopAfter(2) });
      const onStart = () => expect.unreachable('another run was begun');
      await expect(trainEmbedding({ ...base, seed: 8, resume: true, onStart })).rejects.toMatchObject({
        code: 'checkpoint-mismatch',
      });
    });
  });

  describe('refuses to resume', () => {
    const resumed = async (changes: Partial<TrainingRequest>) => {
      const base = await request();
      await trainEmbedding({ ...base, ...stopAfter(2) });
      return trainEmbedding({ ...base, resume: true, ...changes });
    };
    const mismatch = (what: string) =>
      expect.objectContaining({
        code: 'checkpoint-mismatch',
        message: expect.stringMatching(new RegExp(`got one with another ${what};`)),
      });

    it('with another seed', async () => {
      await expect(resumed({ seed: 4 })).rejects.toEqual(mismatch('seed'));
    });

    it('on other images', async () => {
      await expect(resumed({ images: tinyImages({ classes: 4, perClass: 3, seed: 9 }) })).rejects.toEqual(
        mismatch('data'),
      );
    });

    it.each([
      ['number of epochs', { epochs: 4 }],
      ['learning rate', { schedule: constantRate(0.02) }],
      ['augmentation', { augmentation: undefined }],
      ['augmentation of classes', { classAugmentation: undefined }],
      ['network', { network: tinyNetwork({ dropoutRate: 0.1 }) }],
      ['sampler', { sampler: classBalanced({ imagesPerClass: 2 }) }],
    ])('by a recipe with another %s', async (_, changes) => {
      await expect(resumed({ recipe: tinyRecipe(changes) })).rejects.toEqual(mismatch('recipe'));
    });

    it('naming all that differs, in one line with the way out', async () => {
      const error: Error = await resumed({ seed: 4, recipe: tinyRecipe({ epochs: 9 }) }).then(
        () => expect.unreachable('resumed another run'),
        (thrown) => thrown,
      );
      expect(error).toEqual(mismatch('recipe and seed'));
      expect(error.message).toContain('--overwrite');
      expect(error.message).not.toContain('\n');
    });

    it('from a file that is no checkpoint', async () => {
      const checkpointPath = await newPath();
      await writeFile(checkpointPath, 'not a checkpoint');
      await expect(trainEmbedding(await request({ checkpointPath, resume: true }))).rejects.toEqual(
        expect.objectContaining({ code: 'checkpoint-damaged' }),
      );
    });
  });

  describe('stops', () => {
    it('where a loss is not a number, keeping the last epoch that was sound', async () => {
      let steps = 0;
      const schedule = {
        ...constantRate(1e-3),
        learningRate: () => (++steps > 6 ? Number.NaN : 1e-3),
      };
      const diverging = await request({ recipe: tinyRecipe({ schedule }) });
      await expect(trainEmbedding(diverging)).rejects.toEqual(
        expect.objectContaining({
          code: 'training-diverged',
          message: expect.stringMatching(/^training, step 8: .*NaN in the loss/),
        }),
      );
      const kept = await readCheckpoint(diverging.checkpointPath);
      expect(kept.state.step).toBe(4);
      expect(kept.state.parameters.every(Number.isFinite)).toBe(true);
    });

    it('where the weights are not finite after the last step, though the loss was', async () => {
      const recipe = tinyRecipe({
        schedule: constantRate(3e38),
        optimizer: sgd({ momentum: 0 }),
        epochs: 1,
        batchesPerEpoch: 1,
      });
      const diverging = await request({
        recipe: { ...recipe, optimizer: { ...recipe.optimizer, scalars: () => [Number.POSITIVE_INFINITY] } },
      });
      await expect(trainEmbedding(diverging)).rejects.toEqual(
        expect.objectContaining({
          code: 'training-diverged',
          message: expect.stringMatching(/in the weights/),
        }),
      );
      expect((await readCheckpoint(diverging.checkpointPath)).state.step).toBe(0);
    });

    it('where all embeddings have become alike', async () => {
      const recipe = tinyRecipe({
        network: tinyNetwork({ dropoutRate: 0, normalized: false }),
        augmentation: undefined,
        epochs: 1,
        batchesPerEpoch: 1000,
      });
      const alike = await request({ recipe, images: allWhite(images) });
      await expect(trainEmbedding(alike)).rejects.toEqual(
        expect.objectContaining({
          code: 'training-collapsed',
          message: expect.stringMatching(/^training, step 200: /),
        }),
      );
    });

    it('before anything is written where a class has one image only', async () => {
      const lone = await request({ images: tinyImages({ classes: 4, perClass: 1 }) });
      await expect(trainEmbedding(lone)).rejects.toEqual(expect.objectContaining({ code: 'too-few-images' }));
      expect(existsSync(lone.checkpointPath)).toBe(false);
    });
  });
});

/** As many images with the same labels, and nothing to be seen on any of them. */
function allWhite({ labels, classNames, id }: LabelledImages): LabelledImages {
  return new InMemoryImages({
    name: 'white:train',
    classNames,
    labels,
    fingerprint: '0'.repeat(64),
    nativeSize: { width: 8, height: 8 },
    data: new Uint8Array(labels.length * 192).fill(255),
    id,
  });
}
