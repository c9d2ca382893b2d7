import * as ort from 'onnxruntime-node';
import { createSession } from '../session.js';

/** What a model gave for some images. */
export interface Probed {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/**
 * Runs a model of one input and one output on batches of images, to learn what its file does not tell.
 * @param onnx from uint8 [N, height, width, 3] to float32
 */
export async function probe(
  onnx: Uint8Array,
  batches: readonly { readonly count: number; readonly pixels: Uint8Array }[],
  { height, width }: { readonly height: number; readonly width: number },
): Promise<Probed[]> {
  const session = await createSession(onnx, {});
  try {
    const results: Probed[] = [];
    for (const { count, pixels } of batches) {
      const images = new ort.Tensor('uint8', pixels, [count, height, width, 3]);
      const outputs = await session.run({ [session.inputNames[0]!]: images });
      const { dims, data } = outputs[session.outputNames[0]!]!;
      results.push({ dims, values: data as Float32Array });
    }
    return results;
  } finally {
    await session.release();
  }
}
