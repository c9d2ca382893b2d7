import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { tinyImages } from '../../test/fixtures/tiny-images.js';
import { tinyNetwork, tinyRecipe } from '../../test/fixtures/tiny-recipe.js';
import type { Progress } from '../core/progress.js';
import { InMemoryImages } from '../data/in-memory-images.js';
import type { LabelledImages } from '../data/labelled-images.js';
import { type Checkpoint, readCheckpoint } from './checkpoint.js';
import { pairSoftmax } from './losses/index.js';
import { sgd } from './optimizers/index.js';
import { classBalanced } from './samplers/index.js';
import { constantRate } from './schedules/index.js';
import { type TrainingRequest, trainEmbedding } from './train-embedding.js';

const images = tinyImages({ classes: 4, perClass: 3 });
const newPath = async () => join(await temporaryDirectory(), 'run.checkpoint');

async function request(changes: Partial<TrainingRequest> = {}): Promise<TrainingRequest> {
  return {
    recipe: tinyRecipe(),
    images,
    seed: 3,
    checkpointPath: await newPath(),
    threads: 1,
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
const withoutTimes = ({ state, epochs, partial }: Checkpoint) => ({
  state,
  epochs: epochs.map(({ epoch, loss }) => ({ epoch, loss })),
  lossSum: partial.lossSum,
});

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

  it('lowers the loss, epoch by epoch', async () => {
    const { finished, step, epochs } = await trainEmbedding(
      await request({ recipe: tinyRecipe({ epochs: 4, batchesPerEpoch: 40 }) }),
    );
    expect(finished).toBe(true);
    expect(step).toBe(160);
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
    expect(outcome.epochs.map(({ loss }) => loss)).toEqual(uninterrupted.epochs.map(({ loss }) => loss));
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
    const { trained, epochs } = await trainEmbedding(stopping);
    const kept = await readCheckpoint(stopping.checkpointPath);
    expect(kept.state.step).toBe(6);
    expect(kept.state.parameters).toEqual(trained.parameters);
    expect(kept.epochs).toEqual(epochs);
    expect(epochs.length).toBe(1);
    expect(kept.partial.lossSum).toBeGreaterThan(0);
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
    expect(again.epochs).toEqual(first.epochs);
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
      async onEpoch(epochs) {
        const kept = await readCheckpoint(whole.checkpointPath);
        expect(kept.epochs).toEqual(epochs);
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
