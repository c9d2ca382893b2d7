import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { largestDifference, runBare } from '../../../test/fixtures/bare-backbone.js';
import { convolutional } from '../../../test/fixtures/foreign-model.js';
import { Random } from '../../core/random.js';
import { emitGraph } from '../emit.js';
import { decodeOnnx } from '../onnx-model.js';
import { add } from '../ops/add.js';
import { constant } from '../ops/constant.js';
import { gelu } from '../ops/gelu.js';
import { input } from '../ops/input.js';
import { l2Normalize } from '../ops/l2-normalize.js';
import { matmul } from '../ops/matmul.js';
import { max } from '../ops/max.js';
import { relu } from '../ops/relu.js';
import { softmax } from '../ops/softmax.js';
import { sum } from '../ops/sum.js';
import { Program } from '../program.js';
import type { Tensor } from '../tensor.js';
import { backboneGraph } from './backbone-graph.js';
import { composeModels } from './compose-models.js';

const random = Random.of(3, 'head');
const matrix = (rows: number, columns: number) =>
  constant(
    Float32Array.from({ length: rows * columns }, () => random.normal()),
    [rows, columns],
  );
const weights = [matrix(6, 10), matrix(10, 4)] as const;

/** Heads of the kinds that are trained, and operations that older versions of ONNX write in another way. */
const heads: Record<string, (x: Tensor) => Tensor> = {
  linear: (x) => l2Normalize(matmul(x, weights[0])),
  'with a bias and ReLU': (x) =>
    l2Normalize(matmul(relu(add(matmul(x, weights[0]), constant(0.1))), weights[1])),
  'with GELU': (x) => l2Normalize(matmul(gelu(matmul(x, weights[0])), weights[1])),
  'with sums and largest values': (x) => {
    const wide = softmax(matmul(x, weights[0]));
    return add(
      matmul(wide, weights[1]),
      add(sum(wide, { axes: [1], keepAxes: true }), max(wide, { axes: [1], keepAxes: true })),
    );
  },
};

const headFile = (head: (x: Tensor) => Tensor) =>
  emitGraph({ outputs: { embeddings: head(input('features', 'float32', ['N', 6])) }, target: 'portable' });

const wants = { height: 12, width: 12, rescale: 1 / 255, mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] };
const pixels = new Uint8Array(3 * 432).map(() => random.integer(256));

async function features(opset: number) {
  const { onnx } = await backboneGraph(convolutional(opset).bytes(), {
    ...wants,
    inputSize: wants,
    channels: 'rgb',
    normalize: false,
    names: { input: 'images', output: 'embeddings' },
    where: 'backbone',
  });
  return onnx;
}

describe('a head behind a backbone', () => {
  it.each(Object.keys(heads))(
    '%s: is as if they were run one after the other, in each version of ONNX',
    async (name) => {
      const head = headFile(heads[name]!);
      const alone = await Program.load(head, { threads: 1 });
      for (const opset of [11, 13, 17, 18, 20, 21]) {
        const bare = await runBare(convolutional(opset).bytes(), pixels, wants);
        const { embeddings: expected } = await alone.run({
          features: Float32Array.from(bare.features!.values),
        });
        const composed = composeModels(
          await features(opset),
          head,
          { output: 'embeddings', input: 'features' },
          { 'imagekin.test': '1' },
        );
        const { opsetImport, graph, metadataProps } = decodeOnnx(composed);
        expect(opsetImport).toEqual([{ domain: '', version: opset }]);
        expect(graph.input.map((each) => each.name)).toEqual(['images']);
        expect(metadataProps).toEqual([{ key: 'imagekin.test', value: '1' }]);
        // By anybody's ONNX Runtime.
        const session = await ort.InferenceSession.create(composed, { logSeverityLevel: 4 });
        const { embeddings } = await session.run({ images: new ort.Tensor('uint8', pixels, [3, 12, 12, 3]) });
        expect(
          largestDifference(embeddings!.data as Float32Array, expected as Float32Array),
          `opset ${opset}`,
        ).toBeLessThan(1e-5);
        await session.release();
      }
      await alone.release();
    },
  );

  it('is refused where the shapes do not fit, or there is no such output', async () => {
    const head = headFile(heads.linear!);
    const backbone = await features(17);
    const refused = (first: Uint8Array, output: string) => () =>
      composeModels(first, head, { output, input: 'features' });
    expect(refused(backbone, 'nothing')).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
    const wide = emitGraph({
      outputs: { embeddings: matmul(input('x', 'float32', ['N', 6]), weights[0]) },
      target: 'portable',
    });
    expect(refused(wide, 'embeddings')).toThrow(/of 6 per image, got 10/);
  });
});
