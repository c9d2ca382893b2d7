import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { emptyRecord } from './training-record.js';

const example: Checkpoint = {
  identity: { recipe: { name: 'tiny', options: { väriä: [1, 2.5, null] } }, data: 'abc', seed: 7 },
  state: {
    step: 123,
    parameters: Float32Array.of(1.5, -0, 3.4e38, 1e-45, 0.1),
    states: Float32Array.of(7),
    slots: [Float32Array.of(1, 2, 3, 4, 5), Float32Array.of(-1, -2, -3, -4, -5)],
    average: { parameters: Float32Array.of(1, 0, 3e38, 0, 0.2), states: Float32Array.of(6) },
  },
  record: {
    epochs: [
      { epoch: 1, loss: 0.1 + 0.2, seconds: 1.25, statistics: { meanCosine: 0.1 } },
      { epoch: 2, loss: 1 / 3, seconds: 1.5, statistics: { meanCosine: 1 / 7 } },
    ],
    steps: [{ step: 4, epoch: 1, loss: 0.3, learningRate: 1e-3, statistics: { active: 0.5 } }],
    validations: [{ step: 4, epoch: 1, metric: 'mapAtR', value: 2 / 3, statistics: {}, seconds: 0.5 }],
    epochSoFar: { count: 3, loss: Math.PI, statistics: { meanCosine: [Math.E, 3] }, seconds: 0.75 },
    stepsSoFar: { count: 1, loss: Math.SQRT2, statistics: {} },
  },
  stepsAlike: 17,
};

async function written(checkpoint: Checkpoint = example): Promise<string> {
  const path = join(await temporaryDirectory(), 'run.checkpoint');
  await writeCheckpoint(path, checkpoint);
  return path;
}

const damaged = (message: RegExp = /./) =>
  expect.objectContaining({ code: 'checkpoint-damaged', message: expect.stringMatching(message) });

/** What a reader makes of a file with other bytes. */
async function readingOf(path: string, bytes: Uint8Array): Promise<unknown> {
  await writeFile(path, bytes);
  return readCheckpoint(path).catch((error: unknown) => error);
}

describe('a checkpoint', () => {
  it('gives back what was written, bit for bit', async () => {
    expect(await readCheckpoint(await written())).toEqual(example);
  });

  it('gives back a state without averages as one without, and slots as slots', async () => {
    const { average: _, ...state } = example.state;
    expect(await readCheckpoint(await written({ ...example, state }))).toStrictEqual({ ...example, state });
  });

  it('gives back any numbers, lengths and texts', async () => {
    const path = await written();
    const float32s = fc.float32Array({ maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        float32s,
        float32s,
        fc.array(float32s, { maxLength: 3 }),
        fc.string({ unit: 'grapheme' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        async (parameters, states, slots, text, lossSum) => {
          // JSON has no −0, and a loss has no use for it.
          const checkpoint: Checkpoint = {
            identity: { text },
            state: { step: 1, parameters, states, slots },
            record: { ...emptyRecord, epochSoFar: { ...emptyRecord.epochSoFar, loss: lossSum + 0 } },
            stepsAlike: 0,
          };
          await writeCheckpoint(path, checkpoint);
          expect(await readCheckpoint(path)).toEqual(checkpoint);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('holds vectors that are views of a larger buffer', async () => {
    const buffer = Float32Array.of(9, 1, 2, 3, 9);
    const path = await written({
      ...example,
      state: { ...example.state, parameters: buffer.subarray(1, 4) },
    });
    expect((await readCheckpoint(path)).state.parameters).toEqual(Float32Array.of(1, 2, 3));
  });

  it('replaces the one before, and leaves nothing beside it', async () => {
    const path = await written();
    await writeCheckpoint(path, { ...example, state: { ...example.state, step: 124 } });
    expect((await readCheckpoint(path)).state.step).toBe(124);
    expect(await readdir(dirname(path))).toEqual(['run.checkpoint']);
  });

  it('is refused where it is cut off, at whatever length', async () => {
    const path = await written();
    const whole = await readFile(path);
    for (let length = 0; length < whole.length; length += length < 20 ? 1 : 13)
      expect(await readingOf(path, whole.subarray(0, length)), `${length} bytes`).toEqual(damaged());
  });

  it('is refused where any byte of it has changed', async () => {
    const path = await written();
    const whole = await readFile(path);
    const offsets = [...whole.keys()].filter((offset) => offset < 16 || offset % 11 === 0);
    for (const offset of offsets) {
      const changed = Buffer.from(whole);
      changed[offset] ^= 0x10;
      expect(await readingOf(path, changed), `byte ${offset}`).toEqual(damaged());
    }
  });

  it('is refused where bytes follow it', async () => {
    const path = await written();
    const longer = Buffer.concat([await readFile(path), Buffer.alloc(4)]);
    expect(await readingOf(path, longer)).toEqual(damaged(/checksum/));
  });

  it('names the format version it came with and the one it could be of', async () => {
    const path = await written();
    const later = await readFile(path);
    later.writeUInt32LE(3, 4);
    const digest = createHash('sha256').update(later.subarray(0, -32)).digest();
    digest.copy(later, later.length - 32);
    expect(await readingOf(path, later)).toEqual(damaged(/format version 3, this version reads 2/));
  });

  it.each([
    ['nothing', ''],
    ['a text', 'epoch,loss\n1,2.27\n2,2.11\n3,1.98\n4,1.90\n5,1.84\n'],
  ])('is not to be mistaken for %s, and the error is one line that names the file', async (_, content) => {
    const path = await written();
    const error = (await readingOf(path, Buffer.from(content))) as Error;
    expect(error).toEqual(damaged(/another kind/));
    expect(error.message.startsWith(`${path}: `)).toBe(true);
    expect(error.message).not.toContain('\n');
  });
});
