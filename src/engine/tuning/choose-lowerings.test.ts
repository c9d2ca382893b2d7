import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import type { Progress } from '../../core/progress.js';
import { gradients } from '../gradients.js';
import { conv2d, input, maxPool, multiply, parameter, step, sum } from '../ops/index.js';
import { Program } from '../program.js';
import type { Tensor } from '../tensor.js';
import { chooseLowerings } from './choose-lowerings.js';
import { fastestOf, type MeasuredChoices, tuningPath } from './tuning-file.js';

const x = input('x', 'float32', [64, 8]);
const key = 'step float32[64,8]';
const graph = { outputs: { y: step(x) } };
const options = { threads: 1 };

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  vi.stubEnv('IMAGEKIN_HOME', home);
  vi.stubEnv('IMAGEKIN_TUNING', 'on');
  return () => vi.unstubAllEnvs();
});

const remembered = async () =>
  JSON.parse(await readFile(tuningPath(options), 'utf8')) as { milliseconds: MeasuredChoices };

/** Makes the machine remember other times. */
async function pretend(milliseconds: unknown): Promise<void> {
  const file = await remembered();
  await writeFile(tuningPath(options), JSON.stringify({ ...file, milliseconds }));
}

/** Chooses, and says how many choices had to be measured. */
async function choose(outputs: Record<string, Tensor> = graph.outputs, more = {}) {
  const heard: Progress[] = [];
  const chosen = await chooseLowerings({ outputs }, { ...options, ...more, onTuning: (p) => heard.push(p) });
  return { chosen, measured: heard.length, heard };
}

describe('chooseLowerings', () => {
  it('measures every lowering of a choice, and remembers the times', async () => {
    const { chosen, heard } = await choose();
    expect(heard).toEqual([{ task: 'measuring this machine, once', done: 0, total: 1, unit: 'operations' }]);
    const times = (await remembered()).milliseconds[key];
    expect(Object.keys(times).sort()).toEqual(['comparison', 'hard-sigmoid']);
    for (const ms of Object.values(times)) expect(ms).toBeGreaterThan(0);
    expect(chosen).toEqual({ [key]: fastestOf([{ name: 'hard-sigmoid' }, { name: 'comparison' }], times) });
  });
  it('measures nothing twice', async () => {
    const first = await choose();
    const second = await choose();
    expect(second).toEqual({ chosen: first.chosen, measured: 0, heard: [] });
  });
  it('takes what was fastest when it was measured', async () => {
    await choose();
    for (const fast of ['comparison', 'hard-sigmoid']) {
      const times = { 'hard-sigmoid': 2, comparison: 2, [fast]: 1 };
      await pretend({ [key]: times });
      expect((await choose()).chosen).toEqual({ [key]: fast });
    }
  });
  it('adds to what is remembered', async () => {
    await choose();
    await choose({ y: step(input('x', 'float32', [3])) });
    expect(Object.keys((await remembered()).milliseconds)).toEqual([key, 'step float32[3]']);
  });
  it('measures a choice once, however often the graph makes it', async () => {
    const y = input('y', 'float32', [64, 8]);
    expect((await choose({ y: multiply(step(x), step(y)) })).measured).toBe(1);
  });
  it('remembers each number of threads apart', async () => {
    await choose();
    expect((await choose(graph.outputs, { threads: 2 })).measured).toBe(1);
    expect(await readdir(join(home, 'tuning'))).toHaveLength(2);
  });
  it('takes what it is given, whatever is remembered, and measures the rest', async () => {
    await choose();
    await pretend({ [key]: { 'hard-sigmoid': 1, comparison: 9 } });
    const lowerings = { [key]: 'comparison', 'step float32[3]': 'no such' };
    const y = step(input('y', 'float32', [3]));
    const { chosen, measured } = await choose({ ...graph.outputs, y2: y }, { lowerings });
    expect(chosen[key]).toBe('comparison');
    expect(chosen['step float32[3]']).not.toBe('no such');
    expect(measured).toBe(1);
  });
  it.each([
    ['is cut short', (text: string) => text.slice(0, text.length / 2)],
    ['holds something else', () => '[1, 2]'],
    ['lacks a lowering', (text: string) => text.replace('comparison', 'other')],
    ['holds times that are none', (text: string) => text.replace(/: 0?\.\d+/g, ': "fast"')],
    ['has another format', (text: string) => text.replace('"format": 2', '"format": 1')],
  ])('measures anew where the file %s', async (_, damage) => {
    await choose();
    const path = tuningPath(options);
    const whole = await readFile(path, 'utf8');
    const damaged = damage(whole);
    expect(damaged).not.toBe(whole);
    await writeFile(path, damaged);
    expect((await choose()).measured).toBe(1);
    expect((await choose()).measured).toBe(0);
  });
  it('goes on where nothing can be remembered', async () => {
    await writeFile(join(home, 'tuning'), 'a file in the place of the folder');
    expect((await choose()).chosen).toHaveProperty([key]);
  });
  it('measures nothing, and takes the first, where IMAGEKIN_TUNING is off', async () => {
    vi.stubEnv('IMAGEKIN_TUNING', 'off');
    expect(await choose()).toEqual({ chosen: { [key]: 'hard-sigmoid' }, measured: 0, heard: [] });
    expect(await readdir(home)).toEqual([]);
  });
  it('measures operations whose inputs are places in other tensors', async () => {
    const images = parameter('images', [2, 3, 8, 8]);
    const [gradient] = gradients(sum(maxPool(images, { layout: 'NCHW', size: 2 })), [images]);
    const bindings = new Map([[images, input('images', 'float32', [2, 3, 8, 8])]]);
    const chosen = await chooseLowerings({ outputs: { gradient }, bindings }, options);
    expect(Object.values(chosen)).toHaveLength(1);
    const [times] = Object.values((await remembered()).milliseconds);
    expect(Object.keys(times).sort()).toEqual(['scattering', 'unpooling']);
  });
});

describe('fastestOf', () => {
  const candidates = ['first', 'second', 'third'].map((name) => ({ name }));
  it('is the one of the least time', () => {
    expect(fastestOf(candidates, { first: 3, second: 1, third: 2 })).toBe('second');
  });
  it('is the first where no other is clearly faster', () => {
    expect(fastestOf(candidates, { first: 1, second: 0.99, third: 0.96 })).toBe('first');
  });
});

describe('a compiled program', () => {
  it('says how its operations were written, and is written as it is told', async () => {
    const images = input('images', 'float32', [2, 3, 8, 8]);
    const weights = parameter('weights', [4, 3, 3, 3]);
    const [gradient] = gradients(sum(conv2d(images, weights, { layout: 'NCHW' })), [weights]);
    const bindings = new Map([[weights, input('weights', 'float32', weights.shape)]]);
    const first = await Program.compile({ outputs: { gradient }, bindings }, options);
    const [name] = Object.keys(first.lowerings);
    for (const lowering of ['pixels', 'convolution']) {
      const told = { ...options, lowerings: { [name]: lowering } };
      const program = await Program.compile({ outputs: { gradient }, bindings }, told);
      expect(program.lowerings).toEqual(told.lowerings);
    }
  });
});
