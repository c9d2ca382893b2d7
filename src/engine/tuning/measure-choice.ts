import * as ort from 'onnxruntime-node';
import { Random } from '../../core/random.js';
import { emitGraph } from '../emit.js';
import { constant } from '../ops/constant.js';
import { input } from '../ops/input.js';
import { reshape } from '../ops/reshape.js';
import { slice } from '../ops/slice.js';
import { createSession, type SessionOptions } from '../session.js';
import { elementCount, staticShape } from '../shape.js';
import { Node, type Tensor } from '../tensor.js';
import type { Resolve } from '../topological-order.js';
import type { LoweringChoice } from './lowering-choice.js';

/** Rounds of one measurement; fewer say little on a machine that does other things as well. */
const mostRounds = 9;
const fewestRounds = 3;
const choiceBudgetMs = 1_000;
/** Calls are repeated until a sample takes this long: a call takes some microseconds to get to ONNX Runtime and back. */
const sampleMs = 2;
/** A lowering that takes this much longer than the best has been in its best round is not tried again. */
const hopeless = 1.5;

/**
 * Times every lowering of a choice by a program of the one operation, on random values. Lowerings take turns, so that
 * a machine that slows down does so for all of them.
 *
 * @returns milliseconds of a run in the best round, by the lowering's name: what else the machine does can only add
 */
export async function measureChoice(
  choice: LoweringChoice,
  resolve: Resolve,
  options: SessionOptions,
): Promise<Record<string, number>> {
  const { outputs, feeds } = standAlone(choice.node, resolve);
  const sessionOptions = { ...options, profileDirectory: undefined };
  const contestants: { name: string; session: ort.InferenceSession; calls: number; samples: number[] }[] = [];
  try {
    for (const { name } of choice.candidates) {
      const file = emitGraph({ outputs, target: 'training', lowerings: { [choice.key]: name } });
      // Threads that wait for the next run of one program would take their time from that of another.
      const session = await createSession(file, { ...sessionOptions, restsAtOnce: true });
      contestants.push({ name, session, calls: 1, samples: [] });
      // The first run allocates; the second shows how many of them make a sample.
      await session.run(feeds);
      const ms = await timeOf(session, feeds, 1);
      contestants.at(-1)!.calls = Math.max(1, Math.ceil(sampleMs / ms));
    }
    const deadline = performance.now() + choiceBudgetMs;
    let alive = contestants;
    for (let round = 0; round < mostRounds && alive.length > 0; round++) {
      if (round >= fewestRounds && performance.now() > deadline) break;
      for (const contestant of alive) {
        contestant.samples.push(await timeOf(contestant.session, feeds, contestant.calls));
      }
      const best = Math.min(...contestants.map(({ samples }) => Math.min(...samples)));
      alive = alive.filter(({ samples }) => Math.min(...samples) <= best * hopeless);
      if (alive.length === 1 && round + 1 >= fewestRounds) break;
    }
  } finally {
    for (const { session } of contestants) await session.release();
  }
  return Object.fromEntries(contestants.map(({ name, samples }) => [name, Math.min(...samples)]));
}

async function timeOf(session: ort.InferenceSession, feeds: Feeds, calls: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < calls; i++) await session.run(feeds);
  return (performance.now() - start) / calls;
}

type Feeds = Record<string, ort.Tensor>;

/**
 * The operation of a node by itself, with inputs of the same shapes. Whole numbers cannot be random where they are places
 * in another tensor, so they are computed as in the graph, down to floats that are random or leaves that are zero.
 */
function standAlone(node: Node, resolve: Resolve): { outputs: Record<string, Tensor>; feeds: Feeds } {
  const standIns = new Map<Tensor, Tensor>();
  const feeds: Feeds = {};
  const standIn = (original: Tensor): Tensor => {
    const tensor = resolve(original);
    const known = standIns.get(tensor);
    if (known) return known;
    const made = make(tensor);
    standIns.set(tensor, made);
    return made;
  };
  const make = (tensor: Tensor): Tensor => {
    const { operation, inputs, attributes } = tensor.node;
    const shape = staticShape(operation.name, tensor);
    if (tensor.dtype === 'float32') {
      const name = `x${Object.keys(feeds).length}`;
      feeds[name] = new ort.Tensor('float32', randomValues(elementCount(shape)), shape);
      return input(name, 'float32', shape);
    }
    if (operation.name === 'constant') return tensor;
    if (inputs.length === 0) return constant(new Uint8Array(elementCount(shape)), shape, tensor.dtype);
    return new Node(operation, inputs.map(standIn), attributes).outputs[tensor.index]!;
  };
  const copy = new Node(node.operation, node.inputs.map(standIn), node.attributes);
  const outputs = Object.fromEntries(copy.outputs.map((output, i) => [`y${i}`, firstElement(output)]));
  return { outputs, feeds };
}

/** All of a result has to be computed for it, and nothing be copied out of the program. */
function firstElement(x: Tensor): Tensor {
  return slice(reshape(x, [elementCount(staticShape('measuring', x))]), 0, 0, 1);
}

/** Uniform in [−1, 1), the same some thousand over and over: drawing each would take longer than what is measured. */
function randomValues(count: number): Float32Array {
  const values = new Float32Array(count);
  const random = Random.of(0, 'tuning');
  const drawn = Math.min(count, 4093);
  for (let i = 0; i < drawn; i++) values[i] = 2 * random.uniform() - 1;
  for (let filled = drawn; filled < count; filled *= 2) values.copyWithin(filled, 0, filled);
  return values;
}
