import { afterEach, describe, expect, it } from 'vitest';
import { buildLayer } from '../../test/fixtures/build-layer.js';
import { tinyNetwork } from '../../test/fixtures/tiny-recipe.js';
import { buildEmbeddingGraph } from '../learning/embedding-graph.js';
import { convolution } from '../learning/layers/convolution.js';
import { recordCallSites } from './call-site.js';
import { emitGraph } from './emit.js';
import { gradients } from './gradients.js';
import { decodeOnnx } from './onnx-model.js';
import { input, mean, multiply } from './ops/index.js';

afterEach(() => recordCallSites(false));

const names = (outputs: Parameters<typeof emitGraph>[0]['outputs'], bindings = new Map()) =>
  decodeOnnx(emitGraph({ outputs, bindings, target: 'training' })).graph.node.map(({ name }) => name);

/** A training graph of a network that stands outside the engine, and the names of its ONNX nodes. */
function tinyGraph() {
  const { embeddings, parameters, states } = buildEmbeddingGraph(tinyNetwork({ dropoutRate: 0 }), {
    training: true,
    batchSize: 4,
  });
  const [first] = gradients(mean(multiply(embeddings, embeddings)), parameters.tensors);
  const bindings = new Map(
    [...parameters.tensors, ...states.tensors].map((tensor, i) => [
      tensor,
      input(`value ${i}`, 'float32', tensor.shape),
    ]),
  );
  return { outputs: { embeddings, first }, bindings };
}

describe('recordCallSites', () => {
  it('names ONNX nodes after their operation and the line outside the engine that applied it', () => {
    recordCallSites(true);
    const { outputs, bindings } = tinyGraph();
    const found = names(outputs, bindings);
    expect(found).toContainEqual(expect.stringMatching(/^relu@fixtures\/tiny-recipe\.ts:\d+_\d+$/));
    expect(found).toContainEqual(expect.stringMatching(/^conv2d@layers\/convolution\.ts:\d+_\d+$/));
  });
  it('counts gradients as the line of what they are the gradient of', () => {
    recordCallSites(true);
    const { outputs, bindings } = tinyGraph();
    const found = names(outputs, bindings);
    const line = found.find((name) => name.startsWith('conv2d@'))!.match(/@(.*)_\d+$/)![1];
    expect(found).toContainEqual(expect.stringMatching(`^conv2dWeightGradient@∂${line}_\\d+$`));
    expect(found).toContainEqual(expect.stringMatching(/^step@∂fixtures\/tiny-recipe\.ts:\d+_\d+$/));
  });
  it('counts what the backward pass computes anew as that line too', () => {
    recordCallSites(true);
    const { y, parameters } = buildLayer({ layout: 'HWNC' }, (context) =>
      convolution(context, 'conv', input('x', 'float32', [8, 8, 2, 24]), { width: 4, padding: 1 }),
    );
    const [gradient] = gradients(mean(multiply(y, y)), parameters.tensors);
    const bindings = new Map(
      parameters.tensors.map((tensor, i) => [tensor, input(`value ${i}`, 'float32', tensor.shape)]),
    );
    const maps = names({ y, gradient: gradient! }, bindings).filter((name) => name.startsWith('mapAxis'));
    for (const name of maps) expect(name).toMatch(/^mapAxis@∂?layers\/convolution\.ts:\d+_\d+$/);
    expect(maps.filter((name) => name.includes('∂')).length).toBeGreaterThan(0);
  });
  it('records nothing unless asked to', () => {
    const { outputs, bindings } = tinyGraph();
    for (const name of names(outputs, bindings)) expect(name).toMatch(/^\w+$/);
  });
});
