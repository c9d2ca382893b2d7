import { parentPort, workerData } from 'node:worker_threads';
import { packError } from '../../core/packed-error.js';
// Not the whole engine: of what a thread loads, this is most.
import { Program } from '../../engine/program.js';
import { factsOf, type ImageFacts } from '../../image/decoded-image.js';
import { resizeImage } from '../../image/resize.js';
import { SmallJpegDecoder } from '../../image/small-jpeg.js';
import { modelInput, modelOutput } from '../model-io.js';
import type { EmbeddedImages, EmbeddingReply, EmbeddingRequest, EmbeddingWork } from './messages.js';

/** A thread of `EmbeddingThreads`. */
const port = parentPort!;
const { model, inputSize, resize, threads, device } = workerData as EmbeddingWork;
const imageLength = 3 * inputSize.width * inputSize.height;
const loading = Program.loadAsIs(model, { threads, device, restsAtOnce: true });
// Told with the first batch.
loading.catch(() => {});
const decoder = new SmallJpegDecoder();

let before: Promise<void> = Promise.resolve();
port.on('message', (request: EmbeddingRequest) => {
  const isAll = request.pixels.length === 0 && request.jpegs.length === 0;
  before = before.then(() => (isAll ? end() : answer(request)));
});

async function answer(request: EmbeddingRequest): Promise<void> {
  try {
    const embedded = await embed(request);
    port.postMessage(embedded satisfies EmbeddingReply, [embedded.embeddings.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ error: packError(error) } satisfies EmbeddingReply);
  }
}

async function embed({ pixels, jpegs }: EmbeddingRequest): Promise<EmbeddedImages> {
  const program = await loading;
  const { images, facts } = jpegs.length === 0 ? { images: pixels, facts: [] } : await joined(pixels, jpegs);
  if (images.length === 0) return { embeddings: new Float32Array(0), facts };
  const outputs = await program.run({ [modelInput]: images });
  // The memory is that of the run, which the next one takes again.
  return { embeddings: (outputs[modelOutput] as Float32Array).slice(), facts };
}

/** Those of a batch, the next one takes it again. */
let room = new Uint8Array(0);

/** The files' pixels behind those that are there. */
async function joined(
  pixels: Uint8Array,
  jpegs: readonly Uint8Array[],
): Promise<{ readonly images: Uint8Array; readonly facts: readonly (ImageFacts | undefined)[] }> {
  const most = pixels.length + jpegs.length * imageLength;
  if (room.length < most) room = new Uint8Array(most);
  room.set(pixels);
  let end = pixels.length;
  const facts: (ImageFacts | undefined)[] = [];
  for (const jpeg of jpegs) {
    const image = await decoder.decode(jpeg);
    facts.push(image && factsOf({ size: image, format: 'jpeg' }, jpeg));
    if (image === undefined) continue;
    room.set(resizeImage(image, inputSize, resize).data, end);
    end += imageLength;
  }
  return { images: room.subarray(0, end), facts };
}

/** From inside: ended from outside in the middle of a program, ONNX Runtime would take the whole process with it. */
function end(): void {
  process.exit();
}
