// @ts-check
/**
 * Decoding and resizing against Pillow, whose resampling most models from elsewhere were trained on: how far levels are
 * apart, and how long it takes, one image at a time on both sides.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { decodeImageTo } from '../dist/image/decode.js';
import { flagValues, wholeNumber } from './flags.js';
import { jsonProcess } from './json-process.js';
import { pythonWith } from './python.js';
import { sideBySide } from './side-by-side.js';
import { printCases } from './table.js';
import { UsageError } from './usage-error.js';

export const name = 'resize';
export const summary = "decoding and resizing, and how far its levels are from Pillow's";
export const usage = '--images DIR [--json] [--runs 5] [--side 224]';

const peerProgram = fileURLToPath(new URL('./peers/resize_pillow.py', import.meta.url));

/** @param {string[]} args */
export async function run(args) {
  const { directory, runs, side } = parse(args);
  const { files, leftOut } = await comparable(directory);
  if (files.length === 0) throw new UsageError(`bench ${name}: no plain RGB image in ${directory}`);
  if (leftOut > 0)
    console.error(
      `${leftOut} images left out: Pillow applies neither colour profiles nor orientations by itself`,
    );
  const python = pythonWith('PIL');
  if (python === null) console.error('no Pillow (apt-get install python3-pil, or pip install pillow)');
  // As the child processes of a pool do it.
  sharp.concurrency(1);
  sharp.cache(false);

  const scratch = await mkdtemp(join(os.tmpdir(), 'imagekin-bench-'));
  try {
    const cases = [];
    /** @type {Record<string, { mean: number, worstImage: number, max: number }>} */
    const differences = {};
    for (const filter of /** @type {const} */ (['bilinear', 'bicubic'])) {
      const out = join(scratch, `${filter}.bin`);
      const request = JSON.stringify({ files, side, filter, out });
      /** @type {Uint8Array[]} */
      let pixels = [];
      const measured = await sideBySide({
        runs,
        ours: async () => {
          pixels = [];
          const start = performance.now();
          for (const file of files)
            pixels.push(
              (await decodeImageTo(file, { width: side, height: side }, { fit: 'stretch', filter })).data,
            );
          return (files.length / (performance.now() - start)) * 1000;
        },
        peer:
          python &&
          (async () => files.length / (await jsonProcess(python.command, [peerProgram, request])).seconds),
        onProgress: (message) => console.error(`${filter}: ${message}`),
      });
      cases.push({
        name: `${files.length} images to ${side} x ${side}, ${filter}`,
        unit: 'images/s',
        ...measured,
        peerName: python && `Pillow ${python.versions.PIL}`,
        ratio: measured.peer && measured.ours / measured.peer,
      });
      if (python) differences[filter] = difference(pixels, await readFile(out), side * side * 3);
    }
    return { cases, differences };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** @param {Awaited<ReturnType<typeof run>>} report */
export function print(report) {
  printCases(report);
  for (const [filter, { mean, worstImage, max }] of Object.entries(report.differences))
    console.log(
      `${filter}: levels differ by ${mean.toFixed(4)} of 255 in the mean, ${worstImage.toFixed(4)} in the worst image, ` +
        `${max} at most`,
    );
}

/**
 * @param {Uint8Array[]} ours
 * @param {Uint8Array} theirs
 * @param {number} length
 */
function difference(ours, theirs, length) {
  let [sum, worstImage, max] = [0, 0, 0];
  for (const [i, pixels] of ours.entries()) {
    let own = 0;
    for (let at = 0; at < length; at++) {
      const apart = Math.abs(pixels[at] - theirs[i * length + at]);
      own += apart;
      max = Math.max(max, apart);
    }
    sum += own;
    worstImage = Math.max(worstImage, own / length);
  }
  return { mean: sum / (ours.length * length), worstImage, max };
}

/**
 * Images that mean the same to both sides.
 * @param {string} directory
 */
async function comparable(directory) {
  const files = [];
  let leftOut = 0;
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const header = await sharp(path)
      .metadata()
      .catch(() => null);
    if (header === null) continue;
    const plain = header.space === 'srgb' && !header.hasAlpha && (header.orientation ?? 1) === 1;
    if (plain && !header.hasProfile) files.push(path);
    else leftOut++;
  }
  return { files: files.sort(), leftOut };
}

/** @param {string[]} args */
function parse(args) {
  const values = flagValues(name, args, { images: undefined, runs: '5', side: '224' });
  if (values.images === undefined) throw new UsageError(`bench ${name}: expected --images DIR`);
  return {
    directory: values.images,
    runs: wholeNumber(name, 'runs', values.runs),
    side: wholeNumber(name, 'side', values.side),
  };
}
