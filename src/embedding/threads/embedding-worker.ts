import { parentPort, workerData } from 'node:worker_threads';
import { packError } from '../../core/packed-error.js';
import { Program } from '../../engine/index.js';
import { modelInput, modelOutput } from '../model-file.js';
import type { EmbeddingReply, EmbeddingRequest, EmbeddingWork } from './messages.js';

/** A thread of `EmbeddingThreads`. */
const port = parentPort!;
const { model, threads, device } = workerData as EmbeddingWork;
const loading = Program.load(model, { threads, device, restsAtOnce: true });
// Told with the first batch.
loading.catch(() => {});

let before: Promise<void> = Promise.resolve();
port.on('message', ({ pixels }: EmbeddingRequest) => {
  before = before.then(() => (pixels ? embed(pixels) : end()));
});

async function embed(pixels: Uint8Array): Promise<void> {
  try {
    const program = await loading;
    const outputs = await program.run({ [modelInput]: pixels });
    // The memory is that of the run, which the next one takes again.
    const embeddings = (outputs[modelOutput] as Float32Array).slice();
    port.postMessage({ embeddings } satisfies EmbeddingReply, [embeddings.buffer]);
  } catch (error) {
    port.postMessage({ error: packError(error) } satisfies EmbeddingReply);
  }
}

/** From inside: ended from outside in the middle of a program, ONNX Runtime would take the whole process with it. */
function end(): void {
  process.exit();
}
