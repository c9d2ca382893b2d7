// @ts-check
/**
 * What one writes at first: one image at a time through sharp and onnxruntime-node, scaled by a plain loop.
 *   node bench/peers/plain_embed.js '{"model": "m.onnx", "list": "files.json", "side": 224, "mean": 0.5, "std": 0.5}'
 */
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';

const { model, list, side, mean, std } = JSON.parse(process.argv[2]);
/** @type {string[]} */
const files = JSON.parse(readFileSync(list, 'utf8'));
const session = await ort.InferenceSession.create(model);
const [input] = session.inputNames;
const [output] = session.outputNames;
const area = side * side;

const start = performance.now();
let sum = 0;
for (const file of files) {
  const pixels = await sharp(file).resize(side, side).removeAlpha().raw().toBuffer();
  const values = new Float32Array(3 * area);
  for (let p = 0; p < area; p++)
    for (let c = 0; c < 3; c++) values[c * area + p] = (pixels[3 * p + c] / 255 - mean) / std;
  const outputs = await session.run({ [input]: new ort.Tensor('float32', values, [1, 3, side, side]) });
  sum += Number(outputs[output].data[0]);
}
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, sum }));
