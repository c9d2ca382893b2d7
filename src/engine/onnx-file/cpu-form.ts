import { scaleBytesAtOnce } from './byte-scaling.js';
import { type OnnxFile, readOnnxFile, writeOnnxFile } from './onnx-file.js';
import { freePrefix } from './portable-nodes.js';
import { widenChannels } from './widen-channels.js';

/** What is said here of operations holds since this version of ONNX. */
const oldestOpset = 11;

/** Of larger models, the seconds that it takes to load them tell more than what is gained here, and memory counts. */
const mostBytes = 64 * 2 ** 20;

/** In this many channels ONNX Runtime compiles convolutions where it can; what it reorders must be in multiples of four. */
const reordered = 4;

/**
 * The form in which ONNX Runtime's CPU runs a model fastest; the outputs are the same but for rounding. It is for the session
 * alone: the file keeps its bytes, and with them its id.
 *
 * ONNX Runtime keeps feature maps in blocks of channels, of 16 with AVX-512. Maps of fewer channels than a block, or not of a
 * multiple of four, are turned back before each convolution, which then takes a slow way; a few channels more that hold nothing
 * spare that. Measured with AVX-512 on one thread, milliseconds per image: MobileNetV2 0.35 at 224×224, whose narrow maps have
 * 8 channels, 4.6 → 4.0; inverted residuals at 56×56, by their channels: 8 1.9 → 1.4, 12 2.5 → 1.5, 14 3.1 → 1.9, 24 the same,
 * 30 12.2 → 7.6; plain 3×3 convolutions there: 8 1.26 → 1.19 (at 112×112 2.8 → 3.1), 12 1.7 → 1.2, 18 the same. With fewer
 * than 8 the plain ones become much slower, and multiples of four beyond 16 gain nothing.
 * @param block channels in a block; `undefined` where that is not known
 * @returns the bytes themselves where there is nothing to gain, or they are no ONNX file
 */
export function cpuForm(onnx: Uint8Array, block: number | undefined): Uint8Array {
  if (onnx.length > mostBytes) return onnx;
  let file: OnnxFile;
  try {
    file = readOnnxFile(onnx);
  } catch {
    // ONNX Runtime says what is wrong with it.
    return onnx;
  }
  if ((file.opsets.get('') ?? 0) < oldestOpset) return onnx;
  const prefix = freePrefix([file], 'cpu');
  const widened = block === undefined ? file : widenChannels(file, widening(block), `${prefix}wide/`);
  const scaled = scaleBytesAtOnce(widened, `${prefix}scale/`);
  return scaled === file ? onnx : writeOnnxFile(scaled, {});
}

function widening(block: number): (channels: number) => number {
  return (channels) => {
    if (channels < block / 2) return channels;
    return channels < block ? block : Math.ceil(channels / reordered) * reordered;
  };
}
