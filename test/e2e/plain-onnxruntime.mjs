// What anybody would write to use a model file: no imagekin anywhere.
//   node plain-onnxruntime.mjs MODEL PIXELS COUNT HEIGHT WIDTH > embeddings (float32)
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [model, pixels, ...shape] = process.argv.slice(2);
const session = await InferenceSession.create(model);
const images = new Tensor('uint8', new Uint8Array(readFileSync(pixels)), [...shape.map(Number), 3]);
const { embeddings } = await session.run({ images });
process.stdout.write(
  Buffer.from(embeddings.data.buffer, embeddings.data.byteOffset, embeddings.data.byteLength),
);
