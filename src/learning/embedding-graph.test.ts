import { describe, it } from 'vitest';
import { tinyImages } from '../../test/fixtures/tiny-images.js';
import { tinyNetwork } from '../../test/fixtures/tiny-recipe.js';
import { expectClose } from '../../test/oracle/expect-close.js';
import { Random } from '../core/random.js';
import { input, Program } from '../engine/index.js';
import { buildEmbeddingGraph, inferenceGraph } from './embedding-graph.js';

const size = { width: 8, height: 8 };
const images = tinyImages({ classes: 5, perClass: 2 });

describe('inferenceGraph', () => {
  it.each(['NHWC', 'NCHW', 'HWNC', 'CHWN'] as const)(
    'embeds as the training graph does with the same parameters, where that has nothing of its own (%s)',
    async (layout) => {
      const network = tinyNetwork({ layout, normalized: false, dropoutRate: 0 });
      const training = buildEmbeddingGraph(network, { training: true, batchSize: 10 });
      const parameters = training.parameters.initialize((name) => Random.of(4, name));
      const flat = input('parameters', 'float32', [parameters.length]);
      const trained = await Program.compile(
        {
          outputs: { embeddings: training.embeddings },
          bindings: training.parameters.bindToFlat(flat),
        },
        { threads: 1 },
      );
      const { embeddings, bindings } = inferenceGraph({ network, parameters, states: new Float32Array(0) });
      const embedding = await Program.compile({ outputs: { embeddings }, bindings }, { threads: 1 });

      const pixels = await images.pixels([...Array(10).keys()], size);
      const inTraining = await trained.run({ images: pixels, parameters });
      const embedded = await embedding.run({ images: pixels });
      expectClose(
        'embeddings',
        embedded.embeddings as Float32Array,
        inTraining.embeddings as Float32Array,
        1e-6,
      );
      await Promise.all([trained.release(), embedding.release()]);
    },
  );
});
