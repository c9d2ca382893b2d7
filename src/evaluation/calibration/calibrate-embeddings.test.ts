import { describe, expect, it } from 'vitest';
import { clusteredEmbeddings } from '../../../test/fixtures/clustered-embeddings.js';
import { calibrateEmbeddings } from './calibrate-embeddings.js';
import { probabilityOf } from './probability-map.js';

const dimension = 8;
const many = clusteredEmbeddings({ classes: 120, perClass: 6, noise: 0.15 });
const few = clusteredEmbeddings({ classes: 5, perClass: 120, noise: 0.35, seed: 1 });
const quick = { dimension, resamples: 200, threads: 1 };

describe('calibrateEmbeddings', () => {
  it('keeps its word on classes that had no part in it', async () => {
    const calibration = await calibrateEmbeddings({ ...quick, set: many });
    expect(calibration).toMatchObject({ halvedBy: 'classes', population: { kind: 'neighbours', k: 10 } });
    expect(calibration.fit).toMatchObject({ images: 360, classes: 60, pairs: 3600 });
    expect(calibration.heldOut).toMatchObject({ images: 360, classes: 60, pairs: 3600 });
    expect(calibration.heldOut.ece).toBeLessThan(0.05);
    expect(calibration.unknownClasses).toMatchObject({ knownClasses: 42, withheldClasses: 18 });
  });

  it('keeps its word on other images of the same classes', async () => {
    const calibration = await calibrateEmbeddings({ ...quick, set: few });
    expect(calibration.halvedBy).toBe('images');
    expect(calibration.fit).toMatchObject({ images: 300, classes: 5, pairs: 3000 });
    expect(calibration.heldOut.ece).toBeLessThan(0.05);
  });

  it('has targets of precision hold on the other half, over many ways to halve', async () => {
    const outcomes: boolean[] = [];
    for (let seed = 0; seed < 12; seed++) {
      const { thresholds } = await calibrateEmbeddings({
        ...quick,
        set: many,
        seed,
        targets: [0.6, 0.7].map((value) => ({ figure: 'precision', value }) as const),
      });
      for (const { holds } of thresholds) if (holds !== null) outcomes.push(holds);
    }
    expect(outcomes.length).toBeGreaterThan(20);
    expect(outcomes.filter((held) => held).length / outcomes.length).toBeGreaterThan(0.9);
  });

  it('is about the pairs it was asked for: hits of a search, or any two images', async () => {
    const hits = await calibrateEmbeddings({ ...quick, set: few });
    const any = await calibrateEmbeddings({ ...quick, set: few, population: { kind: 'random' } });
    expect(any.fit.baseRate).toBeCloseTo(59 / 299, 12);
    expect(hits.fit.baseRate).toBeGreaterThan(any.fit.baseRate);
    expect(any.heldOut.ece).toBeLessThan(0.05);
    expect(any.heldOut.baseRate).toBeCloseTo(any.fit.baseRate, 12);
  });

  it('is the same each time, and plain JSON', async () => {
    const [first, again] = [
      await calibrateEmbeddings({ ...quick, set: many }),
      await calibrateEmbeddings({ ...quick, set: many }),
    ];
    expect(again).toEqual(first);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
  });

  it('takes the method it is told', async () => {
    for (const method of ['isotonic', 'logistic'] as const) {
      const { map, methodLogLoss } = await calibrateEmbeddings({ ...quick, set: many, method });
      expect(map.method).toBe(method);
      expect(methodLogLoss).toBeNull();
    }
  });

  it('says so where there are too few pairs of a kind, and what would help', async () => {
    const tiny = clusteredEmbeddings({ classes: 3, perClass: 2 });
    await expect(calibrateEmbeddings({ ...quick, set: tiny })).rejects.toMatchObject({
      code: 'too-few-images',
      message: expect.stringMatching(/at least 10 pairs of one class .* got 0 and 6; calibrate on more/),
    });
    const oneClass = clusteredEmbeddings({ classes: 1, perClass: 100 });
    await expect(calibrateEmbeddings({ ...quick, set: oneClass })).rejects.toMatchObject({
      code: 'too-few-images',
    });
    const perfect = clusteredEmbeddings({ classes: 4, perClass: 60, noise: 0.001 });
    await expect(calibrateEmbeddings({ ...quick, set: perfect })).rejects.toThrow(
      /got 1200 and 0; take more neighbours \(-k 50\)/,
    );
  });

  it('is sane where all embeddings are equal: every hit has the base rate', async () => {
    const equal = { ...few, embeddings: new Float32Array(few.embeddings.length).fill(1 / Math.sqrt(8)) };
    const { map, fit } = await calibrateEmbeddings({ ...quick, set: equal, population: { kind: 'random' } });
    expect(probabilityOf(map, 1)).toBeCloseTo(fit.baseRate, 3);
    expect(probabilityOf(map, 0.3)).toBeCloseTo(fit.baseRate, 3);
  });

  it('refuses what does not fit together, or is not finite', async () => {
    const short = { ...few, labels: few.labels.subarray(1) };
    await expect(calibrateEmbeddings({ ...quick, set: short })).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
    const broken = { ...few, embeddings: few.embeddings.with(3, Number.NaN) };
    await expect(calibrateEmbeddings({ ...quick, set: broken })).rejects.toMatchObject({
      code: 'training-diverged',
    });
  });

  it('stops when told to', async () => {
    const signal = AbortSignal.abort();
    await expect(calibrateEmbeddings({ ...quick, set: few, signal })).rejects.toThrow(/abort/i);
  });
});
