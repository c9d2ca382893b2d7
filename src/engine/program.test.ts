import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { ImagekinError } from '../core/errors.js';
import { emitGraph } from './emit.js';
import { add } from './ops/add.js';
import { cast } from './ops/cast.js';
import { constant } from './ops/constant.js';
import { gather } from './ops/gather.js';
import { greater } from './ops/greater.js';
import { input } from './ops/input.js';
import { l2Normalize } from './ops/l2-normalize.js';
import { multiply } from './ops/multiply.js';
import { relu } from './ops/relu.js';
import { Program, type ProgramInputs } from './program.js';
import { threadCount } from './session.js';

const x = input('x', 'float32', ['N', 2]);
const scale = input('scale', 'float32', [2]);
const scaled = { outputs: { y: multiply(x, scale) } };

async function refusal(act: () => Promise<unknown>): Promise<ImagekinError> {
  const error = await act().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ImagekinError);
  expect((error as ImagekinError).code).toBe('engine-failed');
  return error as ImagekinError;
}

describe('Program', () => {
  it('reads the size of a named axis off the number of elements', async () => {
    const program = await Program.compile(scaled);
    for (const batch of [1, 3, 0]) {
      const values = Float32Array.from({ length: 2 * batch }, (_, i) => i);
      const { y } = await program.run({ x: values, scale: Float32Array.of(1, -1) });
      expect([...y].map(Number)).toEqual([...values].map((value, i) => (i % 2 === 0 ? value : -value)));
    }
  });
  it('gives each type of tensor as the array of that type', async () => {
    const program = await Program.compile({
      outputs: {
        number: x,
        truth: greater(x, constant(0)),
        index: cast(x, 'int64'),
        pixel: cast(x, 'uint8'),
      },
    });
    expect(await program.run({ x: Float32Array.of(-1, 2) })).toEqual({
      number: Float32Array.of(-1, 2),
      truth: Uint8Array.of(0, 1),
      index: BigInt64Array.of(-1n, 2n),
      pixel: expect.any(Uint8Array),
    });
  });
  it('says which inputs it takes', async () => {
    const program = await Program.compile(scaled);
    expect(Object.fromEntries(program.inputs)).toEqual({
      x: { dtype: 'float32', shape: ['N', 2] },
      scale: { dtype: 'float32', shape: [2] },
    });
  });
  it('gives the same numbers in every run and with every number of threads', async () => {
    const values = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i));
    const results = [];
    for (const threads of [1, 2]) {
      const program = await Program.compile(
        { outputs: { y: l2Normalize(input('x', 'float32', ['N', 8])) } },
        { threads },
      );
      for (let i = 0; i < 2; i++) results.push(await program.run({ x: values }));
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });
  it('takes subnormal numbers for zero', async () => {
    const program = await Program.compile({
      outputs: { y: add(x, constant(0)), z: multiply(x, constant(0.5)) },
    });
    const { z } = await program.run({ x: Float32Array.of(2 ** -126, 1) });
    expect([...z]).toEqual([0, 0.5]);
  });

  it.each<{ title: string; values: ProgramInputs; message: RegExp }>([
    {
      title: 'a missing input',
      values: { x: Float32Array.of(1, 2) },
      message: /'scale': expected a value, got none/,
    },
    {
      title: 'an input of another length',
      values: { x: Float32Array.of(1, 2), scale: Float32Array.of(1, 2, 3) },
      message: /'scale': expected 2 elements, got 3/,
    },
    {
      title: 'an input that does not fill its last row',
      values: { x: Float32Array.of(1, 2, 3), scale: Float32Array.of(1, 2) },
      message: /'x': expected a multiple of 2 elements, got 3/,
    },
    {
      title: 'an input of another type',
      values: { x: Uint8Array.of(1, 2), scale: Float32Array.of(1, 2) },
      message: /'x': expected float32 elements, got a Uint8Array/,
    },
  ])('refuses $title, naming it', async ({ values, message }) => {
    const program = await Program.compile(scaled);
    const error = await refusal(() => program.run(values));
    expect(error.message).toMatch(message);
  });
  it("reports a run that fails in ONNX Runtime's words", async () => {
    const rows = input('rows', 'int64', ['N']);
    const program = await Program.compile({ outputs: { y: gather(constant([1, 2, 3], [3]), rows) } });
    const error = await refusal(() => program.run({ rows: BigInt64Array.of(7n) }));
    expect(error.message).toMatch(/out of data bounds/);
  });

  const file = emitGraph({ ...scaled, target: 'portable' });
  it.each([
    { title: 'an empty file', bytes: new Uint8Array(0) },
    { title: 'text', bytes: new TextEncoder().encode('<!doctype html><title>404</title>') },
    { title: 'the first part of a file', bytes: file.slice(0, file.length / 2) },
    { title: 'a file with a damaged byte', bytes: file.with(20, 255) },
  ])('refuses $title as damaged, in one line', async ({ bytes }) => {
    const error = await refusal(() => Program.load(bytes));
    expect(error.message).not.toContain('\n');
    expect(error.cause).toBeInstanceOf(Error);
  });
  it('refuses two inputs of one name', async () => {
    const y = add(input('x', 'float32', [2]), input('x', 'float32', [2]));
    expect((await refusal(() => Program.compile({ outputs: { y } }))).message).toContain('x');
  });
});

describe('a profile', () => {
  it('holds an event for what each run of a node took', async () => {
    const profileDirectory = await temporaryDirectory();
    const x = input('x', 'float32', [1000]);
    const program = await Program.compile({ outputs: { y: relu(x) } }, { profileDirectory, threads: 1 });
    for (let i = 0; i < 3; i++) await program.run({ x: new Float32Array(1000) });
    const path = program.endProfiling();
    const events = JSON.parse(await readFile(path, 'utf8')) as { name: string; cat: string; dur: number }[];
    const kernels = events.filter(({ name }) => /^relu_\d+_kernel_time$/.test(name));
    expect(kernels).toHaveLength(3);
    for (const { dur } of kernels) expect(dur).toBeGreaterThanOrEqual(0);
    await program.release();
  });
  it('is written only where one was asked for', async () => {
    const program = await Program.compile({ outputs: { y: relu(input('x', 'float32', [1])) } });
    expect(() => program.endProfiling()).toThrow('no profile');
  });
});

describe('threadCount', () => {
  it('is at least one', () => {
    expect(threadCount()).toBeGreaterThanOrEqual(1);
  });
});
