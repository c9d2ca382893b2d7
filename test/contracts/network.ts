import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { Embedder } from '../../src/embedding/embedder.js';
import { decodeModel, encodeModel } from '../../src/embedding/model-file.js';
import { gradients, input, multiply, sum, type Tensor } from '../../src/engine/index.js';
import { topologicalOrder } from '../../src/engine/topological-order.js';
import { buildEmbeddingGraph, inferenceGraph } from '../../src/learning/embedding-graph.js';
import type { Network } from '../../src/learning/network.js';
import { evaluate } from '../oracle/evaluate.js';
import { expectClose } from '../oracle/expect-close.js';
import { interpret } from '../oracle/interpreter.js';
import { type NaiveArray, naiveArray } from '../oracle/naive-array.js';
import { parameterValues } from '../oracle/parameter-values.js';
import { randomArray } from '../oracle/random-array.js';

/** What every network owes training and model files. Small ones, please: the oracle takes its time. */
export function keepsNetworkContract(make: () => Network): void {
  describe('the contract of networks', () => {
    const network = make();
    const { width, height } = network.inputSize;
    const pixelsPerImage = width * height * 3;
    const graph = buildEmbeddingGraph(network, { training: false, batchSize: 'N' });
    const parameters = graph.parameters.initialize((name) => Random.of(1, name));
    // States that training has moved, so that a network which forgot them would be found out.
    const states = graph.states
      .initialize((name) => Random.of(1, name))
      .map((value, i) => value + 0.02 * ((i % 7) - 3));
    let embedder: Embedder;

    beforeAll(async () => {
      const bytes = encodeModel(inferenceGraph({ network, parameters, states }), {
        recipe: { name: network.name },
        seed: 1,
        data: { name: 'none', fingerprint: '', images: 0, classes: [] },
        training: { lossByEpoch: [] },
      });
      embedder = await Embedder.load(decodeModel(bytes, 'made'), 'made', { threads: 1 });
      return () => embedder.release();
    });

    const randomPixels = (count: number) => {
      const random = Random.of(2, 'pixels', count);
      return Uint8Array.from({ length: count * pixelsPerImage }, () => random.integer(256));
    };

    it('describes itself in plain JSON', () => {
      const { name, options } = make();
      expect(name).not.toBe('');
      expect(JSON.parse(JSON.stringify(options))).toEqual(options);
    });

    it('is of the same make for images of another size, in training and in embedding', () => {
      const size = { width: width + 7, height: height + 5 };
      const other = make().atSize!(size);
      expect(other.inputSize).toEqual(size);
      expect(other.name).toBe(network.name);
      expect(other.options).toEqual({ ...network.options, inputSize: size });
      expect(buildEmbeddingGraph(other, { training: true, batchSize: 2 }).embeddings.shape).toEqual([
        2,
        network.dimension,
      ]);
      const embedding = buildEmbeddingGraph(other, { training: false, batchSize: 'N' });
      expect(embedding.embeddings.shape).toEqual(['N', network.dimension]);
      expect(other.atSize!(network.inputSize).options).toEqual(network.options);
    });

    it('has the same parameters and states, in the same order, for training and for embedding', () => {
      const shapes = (training: boolean) => {
        const built = buildEmbeddingGraph(make(), { training, batchSize: training ? 2 : 'N' });
        return [built.parameters, built.states].map((set) =>
          set.tensors.map(({ node, shape }) => [(node.attributes as { name: string }).name, shape]),
        );
      };
      expect(shapes(false)).toEqual(shapes(true));
    });

    it('updates every state while training but those fitted to the images, and none when embedding', () => {
      const training = buildEmbeddingGraph(make(), { training: true, batchSize: 2 });
      const fitted = network.fit?.({ pixels: randomPixels(4), count: 4, width, height }) ?? new Map();
      const moving = training.states.layout.flatMap(({ name }, i) =>
        fitted.has(name) ? [] : [training.states.tensors[i]],
      );
      expect([...training.updates.keys()]).toEqual(moving);
      for (const [state, next] of training.updates) expect(next.shape).toEqual(state.shape);
      expect(graph.updates.size).toBe(0);
    });

    it('gives embeddings of the promised length, and of unit length', async () => {
      expect(graph.embeddings.shape).toEqual(['N', network.dimension]);
      const embeddings = await embedder.embed(randomPixels(5));
      expect(embeddings.length).toBe(5 * network.dimension);
      for (let row = 0; row < 5; row++) {
        const vector = embeddings.subarray(row * network.dimension, (row + 1) * network.dimension);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      }
    });

    it('gives what the oracle gives, in a model file', async () => {
      const pixels = randomPixels(2);
      const [expected] = interpret([graph.embeddings], {
        images: naiveArray([2, height, width, 3], pixels),
        ...parameterValues(graph.parameters, parameters),
        ...parameterValues(graph.states, states),
      });
      expectClose('embeddings', await embedder.embed(pixels), expected.values, 1e-5);
    });

    it('embeds an image the same, alone or in any company', async () => {
      const pixels = randomPixels(7);
      const together = await embedder.embed(pixels);
      for (const image of [0, 3, 6]) {
        const alone = await embedder.embed(
          pixels.subarray(image * pixelsPerImage, (image + 1) * pixelsPerImage),
        );
        const row = together.subarray(image * network.dimension, (image + 1) * network.dimension);
        expectClose(`image ${image}`, row, alone, 1e-5);
      }
    });

    it('gives finite embeddings for black, white and checked images', async () => {
      const pixels = new Uint8Array(3 * pixelsPerImage);
      pixels.fill(255, pixelsPerImage, 2 * pixelsPerImage);
      for (let i = 2 * pixelsPerImage; i < pixels.length; i++) pixels[i] = i % 2 === 0 ? 255 : 0;
      for (const element of await embedder.embed(pixels)) expect(Number.isFinite(element)).toBe(true);
    });

    it('lets every parameter learn', async () => {
      const training = buildEmbeddingGraph(make(), { training: true, batchSize: 4 });
      const weights = input('weights', 'float32', [4, network.dimension]);
      const loss = sum(multiply(training.embeddings, weights));
      const derived = await evaluate(gradients(loss, training.parameters.tensors), {
        images: naiveArray([4, height, width, 3], randomPixels(4)),
        weights: randomArray([4, network.dimension]),
        ...noiseOf(training.embeddings),
        ...parameterValues(training.parameters, parameters),
        ...parameterValues(training.states, states),
      });
      for (const [i, gradient] of derived.entries()) {
        const { name } = training.parameters.tensors[i].node.attributes as { name: string };
        expect(Math.max(...gradient.map(Math.abs)), name).toBeGreaterThan(0);
        expect(gradient.every(Number.isFinite), name).toBe(true);
      }
    });
  });
}

/** Values for all the noise that a graph asks for. */
function noiseOf(output: Tensor): Record<string, NaiveArray> {
  return Object.fromEntries(
    topologicalOrder([output])
      .filter(({ operation }) => operation.name === 'noise')
      .map(({ attributes, outputs: [tensor] }) => {
        const { name } = attributes as { name: string };
        return [name, randomArray(tensor.shape as number[], { from: 0, to: 1, stream: name })];
      }),
  );
}
