import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../../src/core/random.js';
import { type Colour, drawnImage } from '../fixtures/make-image.js';

const hues: Readonly<Record<string, Colour>> = {
  apple: [200, 40, 40],
  leaf: [40, 160, 60],
  plum: [90, 40, 140],
  lemon: [230, 210, 60],
};

export const classNames = Object.keys(hues).sort();

/** A folder per class of small PNG files: speckles of the class's colour, other ones in every image. */
export async function writeClassFolders(directory: string, imagesPerClass: number): Promise<void> {
  for (const name of classNames) {
    await mkdir(join(directory, name), { recursive: true });
    for (let i = 0; i < imagesPerClass; i++)
      await speckledImage(name, i).toFile(join(directory, name, `${i}.png`));
  }
}

/** An image of a class, to be encoded by sharp. */
export function speckledImage(className: string, number: number, size = 32) {
  const random = Random.of(number, className);
  const hue = hues[className]!;
  return drawnImage(size, size, () => {
    const light = random.between(-60, 60);
    return hue.map((value) => Math.max(0, Math.min(255, value + light))) as unknown as Colour;
  });
}
