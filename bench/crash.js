// @ts-check
/**
 * Kills the command line at random moments while it adds to a collection, prunes, changes models and compacts, and looks after
 * each whether anything was lost. It measures nothing: it must come to no damage.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { crashLoop } from './crash/crash-loop.js';
import { flagValues, wholeNumber } from './flags.js';

export const name = 'crash';
export const summary = 'kill -9 at random moments while a collection is being written';
export const usage = '[--json] [--kills 200] [--seed 1] [--images 60]';

/** @param {string[]} args */
export async function run(args) {
  const flags = flagValues(name, args, { kills: '200', seed: '1', images: '60' });
  const number = (/** @type {string} */ flag) => wholeNumber(name, flag, flags[flag]);
  const directory = await mkdtemp(join(os.tmpdir(), 'imagekin-crash-'));
  const startedAt = performance.now();
  const crashes = await crashLoop({
    directory,
    kills: number('kills'),
    seed: number('seed'),
    images: number('images'),
    onProgress: (line) => console.error(line),
  });
  if (crashes.damage.length === 0) await rm(directory, { recursive: true, force: true });
  else console.error(`left for a look: ${directory}`);
  process.exitCode = crashes.damage.length === 0 ? 0 : 1;
  return { cases: [], seed: number('seed'), seconds: (performance.now() - startedAt) / 1000, ...crashes };
}

/** @param {import('./crash/crash-loop.js').Crashes & { seconds: number }} report */
export function print({ kills, finished, killed, images, searched, damage, seconds }) {
  console.log(
    `killed    ${kills}: ${Object.entries(killed)
      .map(([command, count]) => `${count} × ${command}`)
      .join(', ')}`,
  );
  console.log(`finished  ${finished} before they could be`);
  console.log(`searched  ${searched} times by an image's own pixels; ${images} images in the end`);
  console.log(`damage    ${damage.length === 0 ? 'none' : damage.length}`);
  for (const line of damage) console.log(`  ${line}`);
  console.log(`time      ${Math.round(seconds)} s`);
}
