import type { Device } from '../core/device.js';
import type { OnProgress } from '../core/progress.js';
import type { LabelledImages } from '../data/labelled-images.js';
import { embedImages } from '../embedding/embed-images.js';
import { Embedder } from '../embedding/embedder.js';
import { decodeModel, encodeModel } from '../embedding/model-file.js';
import { emitGraph, Program } from '../engine/index.js';
import { featuresInput, inferenceGraph, type TrainedNetwork } from '../learning/embedding-graph.js';

/** A network in the middle of its training, ready to embed. */
export interface TrainedEmbedder {
  /** @returns float32 [images.length, dimension of the network] */
  embed(images: LabelledImages): Promise<Float32Array>;
  release(): Promise<void>;
}

export interface TrainedEmbedderOptions {
  readonly threads?: number;
  readonly device?: Device;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** The network as the model file it would make, so that what is measured is what is used later. */
export async function openTrained(
  trained: TrainedNetwork,
  options: TrainedEmbedderOptions,
): Promise<TrainedEmbedder> {
  if (trained.network.backbone) return openHead(trained, options);
  const { threads, device, onProgress, signal } = options;
  const bytes = encodeModel(inferenceGraph(trained), {
    recipe: {},
    seed: 0,
    data: { name: '', fingerprint: '', images: 0, classes: [] },
    training: { lossByEpoch: [] },
  });
  const embedder = await Embedder.load(decodeModel(bytes, 'validation'), 'validation', { threads, device });
  return {
    embed: (images) => embedImages(embedder, images, { onProgress, signal }),
    release: () => embedder.release(),
  };
}

const rowsAtOnce = 4096;

/** A head alone, as what it stands on has embedded the images already. */
async function openHead(
  trained: TrainedNetwork,
  { threads, device, signal }: TrainedEmbedderOptions,
): Promise<TrainedEmbedder> {
  const { embeddings, bindings } = inferenceGraph(trained);
  const bytes = emitGraph({ outputs: { embeddings }, bindings, target: 'portable' });
  const program = await Program.load(bytes, { threads, device });
  const { dimension } = trained.network;
  return {
    async embed(images) {
      const vectors = new Float32Array(images.length * dimension);
      for (let first = 0; first < images.length; first += rowsAtOnce) {
        signal?.throwIfAborted();
        const count = Math.min(rowsAtOnce, images.length - first);
        const rows = Int32Array.from({ length: count }, (_, i) => first + i);
        const outputs = await program.run({ [featuresInput]: await images.features!(rows) });
        vectors.set(outputs.embeddings as Float32Array, first * dimension);
      }
      return vectors;
    },
    release: () => program.release(),
  };
}
