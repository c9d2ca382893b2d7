import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drawnImage } from '../../test/fixtures/make-image.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { decodeImageTo } from '../image/decode.js';
import { DecodePool } from '../image/decode-pool.js';
import { defaultResizeRule } from '../image/resize-rule.js';
import { FileLoader } from './file-loader.js';

const model = { inputSize: { width: 16, height: 16 }, resize: defaultResizeRule };

async function files() {
  const directory = await temporaryDirectory();
  const picture = () => drawnImage(40, 30, (x, y) => [x * 6, y * 8, 9]);
  const [jpeg, png] = [join(directory, 'a.jpg'), join(directory, 'a.png')];
  await writeFile(jpeg, await picture().jpeg().toBuffer());
  await writeFile(png, await picture().png().toBuffer());
  return { jpeg, png };
}

function loader(runnerTakesFiles: boolean): FileLoader {
  const pool = new DecodePool({ processes: 1 });
  onTestFinished(() => pool.close());
  return new FileLoader(pool, model, runnerTakesFiles);
}

describe('FileLoader', () => {
  it('loads a small JPEG as it is, and can have it decoded all the same', async () => {
    const { jpeg } = await files();
    const loaded = await loader(true).load(jpeg);
    if (!('jpeg' in loaded)) throw new Error('decoded');
    expect(loaded.jpeg.subarray(0, 2)).toEqual(Buffer.of(0xff, 0xd8));
    const { data } = await decodeImageTo(jpeg, model.inputSize);
    expect(Buffer.compare((await loaded.decode()).pixels, data)).toBe(0);
  });

  it('has all others decoded, and small JPEGs where the runner takes no files', async () => {
    const { jpeg, png } = await files();
    for (const loading of [loader(true).load(png), loader(false).load(jpeg)]) {
      const loaded = await loading;
      expect('pixels' in loaded && loaded.pixels.length).toBe(16 * 16 * 3);
      expect(loaded).toMatchObject({ facts: { width: 40, height: 30 } });
    }
  });

  it('throws of what is not there', async () => {
    await expect(loader(true).load('/nowhere/a.jpg')).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
