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
port.on('message', (images: EmbeddingRequest) => {
  before = before.then(() => (images.length === 0 ? end() : answer(images)));
});

async function answer(images: EmbeddingRequest): Promise<void> {
  try {
    const embedded = await embed(images);
    port.postMessage(embedded satisfies EmbeddingReply, [embedded.embeddings.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ error: packError(error) } satisfies EmbeddingReply);
  }
}

/** For the pixels of a batch; the next one takes it again. */
let room = new Uint8Array(0);

async function embed(images: EmbeddingRequest): Promise<EmbeddedImages> {
  const program = await loading;
  if (room.length < images.length * imageLength) room = new Uint8Array(images.length * imageLength);
  let end = 0;
  const decoded: (ImageFacts | boolean)[] = [];
  for (const image of images) {
    const loaded = image.kind === 'jpeg' ? await decode(image.bytes) : { pixels: image.bytes, facts: true };
    decoded.push(loaded?.facts ?? false);
    if (loaded === undefined) continue;
    room.set(loaded.pixels, end);
    end += imageLength;
  }
  if (end === 0) return { embeddings: new Float32Array(0), decoded };
  const outputs = await program.run({ [modelInput]: room.subarray(0, end) });
  // The memory is that of the run, which the next one takes again.
  return { embeddings: (outputs[modelOutput] as Float32Array).slice(), decoded };
}

async function decode(jpeg: Uint8Array): Promise<{ pixels: Uint8Array; facts: ImageFacts } | undefined> {
  const image = await decoder.decode(jpeg);
  if (image === undefined) return undefined;
  const facts = factsOf({ size: image, format: 'jpeg' }, jpeg);
  return { pixels: resizeImage(image, inputSize, resize).data, facts };
}

/** From inside: ended from outside in the middle of a program, ONNX Runtime would take the whole process with it. */
function end(): void {
  process.exit();
}
