// @ts-check
/**
 * Embedding image files against a plain loop of sharp and onnxruntime-node, and the memory that it takes for few images and for
 * many: the command line on both counts, with all its processes.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flagValues, wholeNumber } from './flags.js';
import { jsonProcess } from './json-process.js';
import { peakOfProcesses } from './peak-of-processes.js';
import { sideBySide } from './side-by-side.js';
import { UsageError } from './usage-error.js';

export const name = 'embed';
export const summary = 'embedding image files by a model from elsewhere, and its memory for few and for many';
export const usage =
  '--model M.onnx --images DIR [--json] [--runs 5] [--repeat 3] [--many 0] [--side 224] [--mean 0.5] [--std 0.5]';

const commandLine = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const plainLoop = fileURLToPath(new URL('./peers/plain_embed.js', import.meta.url));

/** @param {string[]} args */
export async function run(args) {
  const { model, directory, runs, repeat, many, side, mean, std } = parse(args);
  const files = await imagesIn(directory);
  const scratch = await mkdtemp(join(os.tmpdir(), 'imagekin-bench-'));
  try {
    /** @param {number} count */
    const listOf = async (count) => {
      const chosen = Array.from({ length: count }, (_, i) => files[i % files.length]);
      const path = join(scratch, `${count}`);
      await writeFile(`${path}.json`, JSON.stringify(chosen));
      const rows = chosen.map((file, id) => JSON.stringify({ id: `${id}`, path: file }));
      await writeFile(`${path}.jsonl`, rows.join('\n'));
      return path;
    };
    const count = repeat * files.length;
    const list = await listOf(count);
    /** @param {string} of */
    const embed = (of) =>
      [commandLine, 'embed', model, `${of}.jsonl`, '-o', join(scratch, 'v.npy'), '--json', '--quiet'].concat([
        '--mean',
        mean,
        '--std',
        std,
        '--input-size',
        `${side}`,
      ]);
    const plain = { model, list: `${list}.json`, side, mean: Number(mean), std: Number(std) };
    const measured = await sideBySide({
      runs,
      ours: async () => (await jsonProcess(process.execPath, embed(list))).imagesPerSecond,
      peer: async () =>
        count / (await jsonProcess(process.execPath, [plainLoop, JSON.stringify(plain)])).seconds,
      onProgress: (message) => console.error(message),
    });
    const cases = [
      {
        name: `${count} images, ${os.availableParallelism()} cores`,
        unit: 'images/s',
        ...measured,
        peerName: 'plain loop of sharp and onnxruntime-node',
        ratio: measured.peer && measured.ours / measured.peer,
      },
    ];
    for (const images of many > 0 ? [files.length, many] : [files.length]) {
      const { mebibytes } = await peakOfProcesses(process.execPath, embed(await listOf(images)));
      cases.push({
        name: `memory of all processes, ${images} images`,
        unit: 'MiB',
        ours: mebibytes,
        peer: null,
        peerName: null,
        ratio: null,
        spread: { ours: { min: mebibytes, max: mebibytes }, peer: null },
      });
    }
    return { cases };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** @param {string} directory */
async function imagesIn(directory) {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile() && /[.](jpe?g|png|webp)$/i.test(entry.name))
    .map((entry) => resolve(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) throw new UsageError(`bench ${name}: no JPEG, PNG or WebP file in ${directory}`);
  return files;
}

/** @param {string[]} args */
function parse(args) {
  const defaults = { runs: '5', repeat: '3', many: '0', side: '224', mean: '0.5', std: '0.5' };
  const values = flagValues(name, args, { model: undefined, images: undefined, ...defaults });
  const { model, images, mean = '', std = '' } = values;
  if (model === undefined || images === undefined)
    throw new UsageError(`bench ${name}: expected --model M.onnx and --images DIR`);
  const number = (/** @type {'runs' | 'repeat' | 'side'} */ flag) => wholeNumber(name, flag, values[flag]);
  const many = values.many === '0' ? 0 : wholeNumber(name, 'many', values.many);
  return {
    model,
    directory: images,
    runs: number('runs'),
    repeat: number('repeat'),
    many,
    side: number('side'),
    mean,
    std,
  };
}
