// @ts-check
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** @typedef {import('../../dist/core/random.js').Random} Random */

/** A folder of drawn pictures, no two of them alike, that are added, renamed and deleted. */
export class ChangingFolder {
  /** Paths of the files that are there, by the hash of their bytes. @type {Map<string, string>} */
  files = new Map();
  #drawn = 0;

  /** @param {string} directory @param {Random} random */
  constructor(directory, random) {
    this.directory = directory;
    this.random = random;
  }

  /** @param {number} count */
  async add(count) {
    for (let i = 0; i < count; i++) {
      const name = `${this.#drawn++}.png`;
      const path = join(this.directory, `class-${this.random.integer(4)}`, name);
      await mkdir(join(path, '..'), { recursive: true });
      const bytes = await picture(this.random);
      await writeFile(path, bytes);
      this.files.set(createHash('sha256').update(bytes).digest('hex'), path);
    }
  }

  /** Adds some, renames some, deletes some. */
  async change() {
    await this.add(this.random.integer(7));
    for (const [hash, path] of this.#some(this.random.integer(3))) {
      const moved = join(this.directory, `class-${this.random.integer(4)}`, `moved-${this.#drawn++}.png`);
      await mkdir(join(moved, '..'), { recursive: true });
      await rename(path, moved);
      this.files.set(hash, moved);
    }
    for (const [hash, path] of this.#some(this.random.integer(3))) {
      await rm(path);
      this.files.delete(hash);
    }
  }

  /** @param {number} count */
  #some(count) {
    const all = [...this.files];
    return Array.from({ length: Math.min(count, all.length - 10) }, () => {
      const at = this.random.integer(all.length);
      return all.splice(at, 1)[0];
    }).filter((file) => file !== undefined);
  }
}

/** A grid of colours with a few larger patches. @param {Random} random */
function picture(random) {
  const side = 40;
  const cell = 8;
  const data = Buffer.alloc(side * side * 3);
  const colours = Array.from({ length: (side / cell) ** 2 }, () => [0, 1, 2].map(() => random.integer(256)));
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const colour = colours[Math.floor(y / cell) * (side / cell) + Math.floor(x / cell)];
      for (let c = 0; c < 3; c++) data[(y * side + x) * 3 + c] = colour[c];
    }
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}
