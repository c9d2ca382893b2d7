import { parentPort, workerData } from 'node:worker_threads';
import { packError } from '../../core/packed-error.js';
// Not the whole engine: of what a thread loads, this is most.
import { Program } from '../../engine/program.js';
import { factsOf, type ImageFacts } from '../../image/decoded-image.js';
import { resizeImage } from '../../image/resize.js';
import { SmallJpegDecoder } from '../../image/small-jpeg.js';
import type { LoadedPixels } from '../loaded-image.js';
import { modelInput, modelOutput } from '../model-io.js';
import type {
  EmbeddedImages,
  EmbeddingReply,
  EmbeddingRequest,
  EmbeddingWork,
  ImageForThread,
} from './messages.js';

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
  before = before.then(() => (request === 'end' ? end() : answer(request)));
});

async function answer(images: readonly ImageForThread[]): Promise<void> {
  try {
    const embedded = await embed(images);
    port.postMessage(embedded satisfies EmbeddingReply, [embedded.embeddings.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ error: packError(error) } satisfies EmbeddingReply);
  }
}

/** For the pixels of a batch; the next one takes it again. */
let room = new Uint8Array(0);

async function embed(images: readonly ImageForThread[]): Promise<EmbeddedImages> {
  const program = await loading;
  if (room.length < images.length * imageLength) room = new Uint8Array(images.length * imageLength);
  let filled = 0;
  const decoded: boolean[] = [];
  const facts: (ImageFacts | undefined)[] = [];
  for (const { kind, bytes } of images) {
    const loaded: LoadedPixels | undefined = kind === 'jpeg' ? await decode(bytes) : { pixels: bytes };
    decoded.push(loaded !== undefined);
    facts.push(loaded?.facts);
    if (loaded === undefined) continue;
    if (loaded.pixels.length !== imageLength)
      throw new Error(`${loaded.pixels.length} bytes of pixels, not the ${imageLength} of an image`);
    room.set(loaded.pixels, filled);
    filled += imageLength;
  }
  if (filled === 0) return { decoded, embeddings: new Float32Array(0), facts };
  const outputs = await program.run({ [modelInput]: room.subarray(0, filled) });
  // The memory is that of the run, which the next one takes again.
  return { decoded, embeddings: (outputs[modelOutput] as Float32Array).slice(), facts };
}

async function decode(jpeg: Uint8Array): Promise<LoadedPixels | undefined> {
  const image = await decoder.decode(jpeg);
  if (image === undefined) return undefined;
  const facts = factsOf({ size: image, format: 'jpeg' }, jpeg);
  return { pixels: resizeImage(image, inputSize, resize).data, facts };
}

/** From inside: ended from outside in the middle of a program, ONNX Runtime would take the whole process with it. */
function end(): void {
  process.exit();
}
