import libJpegTurbo, { type JpegDecoder } from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import type { Image, Size } from './image.js';
import { ordinaryJpeg } from './jpeg-header.js';

/** From here on native code, with its vector instructions, makes up for the way to the process that it runs in. */
const mostPixels = 2 ** 19;
export const mostBytesOfSmallJpeg = 2 ** 20;

/** What is longer than its pixels is no picture; nor may a batch of files take more memory than one of pixels. */
const mostBytesBesidePixels = 2 ** 16;

/**
 * The size of a JPEG that `SmallJpegDecoder` decodes: few pixels, in one scan, so that no file can make it take long; upright, grey
 * or in colours, which are sRGB.
 */
export function smallJpegSize(bytes: Uint8Array): Size | undefined {
  if (bytes.length > mostBytesOfSmallJpeg) return undefined;
  const jpeg = ordinaryJpeg(bytes);
  if (!jpeg?.isSequential || jpeg.profile === 'other' || !(jpeg.components === 1 || jpeg.components === 3))
    return undefined;
  const { width, height } = jpeg.size;
  const pixels = width * height;
  return pixels <= mostPixels && bytes.length <= 3 * pixels + mostBytesBesidePixels ? jpeg.size : undefined;
}

/**
 * Decodes small JPEGs by libjpeg-turbo in WebAssembly, in the thread that asks: no file can crash that, or reach what is not its
 * own, so that it needs no process of its own. It gives the pixels that libvips gives, which takes twice the time for a small
 * picture. Where a file is damaged and neither notices, they may differ.
 */
export class SmallJpegDecoder {
  #decoder: Promise<JpegDecoder | undefined> | undefined;
  #refused = 0;

  /**
   * Decodes a file that `smallJpegSize` has the size of.
   * @returns undefined where anything is amiss with it: libvips knows what. The pixels are gone with the next picture.
   */
  async decode(bytes: Uint8Array): Promise<Image | undefined> {
    // Where it cannot be had (no room for its memory), it takes no file.
    this.#decoder ??= load().catch(() => undefined);
    const decoder = await this.#decoder;
    if (decoder === undefined) return undefined;
    try {
      decoder.getEncodedBuffer(bytes.length).set(bytes);
      decoder.decode();
      const { width, height, componentCount } = decoder.getFrameInfo();
      const { buffer, byteOffset, length } = decoder.getDecodedBuffer();
      const levels = new Uint8Array(buffer, byteOffset, length);
      return { width, height, data: componentCount === 1 ? greyToRgb(levels) : levels };
    } catch (error) {
      this.#forget(error);
      return undefined;
    }
  }

  /** What it throws of a file is a number, and leaves the module's stack a little shorter. All else is no state to go on in. */
  #forget(error: unknown): void {
    if (typeof error === 'number' && ++this.#refused < mostRefused) return;
    this.#decoder = undefined;
    this.#refused = 0;
  }
}

/** After 4,000 the stack is used up. */
const mostRefused = 1000;

async function load(): Promise<JpegDecoder> {
  const { JPEGDecoder } = await libJpegTurbo({ print: () => {}, printErr: () => {} });
  return new JPEGDecoder();
}

function greyToRgb(levels: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(3 * levels.length);
  for (let i = 0, at = 0; i < levels.length; i++) {
    const level = levels[i]!;
    rgb[at++] = level;
    rgb[at++] = level;
    rgb[at++] = level;
  }
  return rgb;
}
