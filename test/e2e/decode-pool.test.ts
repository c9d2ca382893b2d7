import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
// The compiled one, as only that has a program to start.
import { DecodePool } from '../../dist/image/decode-pool.js';
import { decodeImageTo } from '../../src/image/decode.js';
import { DecodePool as UncompiledPool } from '../../src/image/decode-pool.js';
import { makeHeic } from '../fixtures/make-heic.js';
import { drawnImage } from '../fixtures/make-image.js';
import { temporaryDirectory } from '../fixtures/temporary-directory.js';

const faulty = new URL('../fixtures/faulty-decoder.mjs', import.meta.url);
const size = { width: 20, height: 16 };
let picture: Buffer;

beforeAll(async () => {
  picture = await drawnImage(60, 40, (x, y) => [x * 4, y * 6, (x * y) % 256])
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
});

async function filesNamed(...names: readonly string[]): Promise<string[]> {
  const directory = await temporaryDirectory();
  return Promise.all(
    names.map(async (name) => {
      await writeFile(join(directory, name), picture);
      return join(directory, name);
    }),
  );
}

function opened(...[options, child]: ConstructorParameters<typeof DecodePool>): DecodePool {
  const pool = new DecodePool(options, child);
  onTestFinished(() => pool.close());
  return pool;
}

const reasonOf = async (decoding: Promise<unknown>) => {
  const error = await decoding.then(
    () => expect.unreachable('it was decoded'),
    (thrown: Error & { code?: string }) => thrown,
  );
  expect(error).toMatchObject({ name: 'ImagekinError', code: 'image-undecodable' });
  return /got "(.*)"/.exec(error.message)?.[1];
};

const gone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

async function until(condition: () => boolean, seconds = 10): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !condition(); await new Promise((r) => setTimeout(r, 30)))
    if (Date.now() > end) expect.unreachable(`it did not come to that in ${seconds} s`);
}

describe('a decode pool', () => {
  it('gives the pixels that decoding here gives, and the facts of the file', async () => {
    const pool = opened({ processes: 2 });
    const [path] = (await filesNamed('a.png')) as [string];
    const rule = { fit: 'cover', filter: 'bicubic', shorterSide: 24 } as const;
    const decoded = await Promise.all([pool.decode(path, size), pool.decode(path, size, rule)]);
    for (const [i, { pixels, facts }] of decoded.entries()) {
      const expected = await decodeImageTo(path, size, i === 0 ? undefined : rule);
      expect(Buffer.compare(pixels, expected.data)).toBe(0);
      expect(facts).toEqual({
        width: 40,
        height: 60,
        format: 'jpeg',
        bytes: picture.length,
        sha256: createHash('sha256').update(picture).digest('hex'),
      });
    }
    expect(decoded[0]!.pixels).not.toEqual(decoded[1]!.pixels);
  });

  it('decodes hundreds that are asked for at once, each to its own pixels', async () => {
    const directory = await temporaryDirectory();
    const paths = await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        const path = join(directory, `${i}.png`);
        const create = {
          width: 3,
          height: 3,
          channels: 3 as const,
          background: { r: i % 256, g: i >> 8, b: 9 },
        };
        await sharp({ create }).png().toFile(path);
        return path;
      }),
    );
    const pool = opened({ processes: 2 });
    const images = await Promise.all(paths.map((path) => pool.decode(path, { width: 300, height: 200 })));
    for (const [i, { pixels }] of images.entries())
      expect([pixels.length, ...pixels.subarray(-3)]).toEqual([180_000, i % 256, i >> 8, 9]);
    expect(pool.pids).toHaveLength(2);
  });

  it('decodes a file of an archive', async () => {
    const directory = await temporaryDirectory();
    const archive = join(directory, 'a.tar');
    await writeFile(archive, Buffer.concat([Buffer.alloc(512), picture]));
    const { facts } = await opened({ processes: 1 }).decode(
      {
        archive,
        name: 'b.jpg',
        offset: 512,
        bytes: picture.length,
        unpackedBytes: picture.length,
        compression: 'none',
      },
      size,
    );
    expect(facts).toMatchObject({ format: 'jpeg', width: 40 });
  });

  it('says of what does not decode what decoding here says', async () => {
    const directory = await temporaryDirectory();
    const cut = join(directory, 'cut.jpg');
    await writeFile(cut, picture.subarray(0, picture.length / 2));
    const pool = opened({ processes: 1 });
    for (const path of [cut, join(directory, 'missing.jpg'), directory]) {
      const [there, here] = await Promise.all(
        [pool.decode(path, size), decodeImageTo(path, size)].map((decoding) =>
          decoding.then(
            () => expect.unreachable('it was decoded'),
            ({ code, message }: Error & { code?: string }) => ({ code, message }),
          ),
        ),
      );
      expect(there).toEqual(here);
    }
  });

  it('obeys its limits', async () => {
    const [path] = (await filesNamed('a.jpg')) as [string];
    expect(await reasonOf(opened({ processes: 1, maxPixels: 2399 }).decode(path, size))).toBe(
      '40 × 60 pixels, more than the limit',
    );
    expect(await reasonOf(opened({ processes: 1, maxBytes: 99 }).decode(path, size))).toBe(
      `${picture.length} bytes, more than the limit of 99`,
    );
  });

  it('gives up an SVG that multiplies itself without end', async () => {
    const path = join(await temporaryDirectory(), 'bomb.svg');
    const levels = Array.from(
      { length: 12 },
      (_, level) => `<g id="a${level + 1}">${`<use href="#a${level}"/>`.repeat(10)}</g>`,
    );
    await writeFile(
      path,
      `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><defs><rect id="a0" width="8" height="8"/>` +
        `${levels.join('')}</defs><use href="#a12"/></svg>`,
    );
    const pool = opened({ processes: 1, timeoutMs: 1500 });
    const start = Date.now();
    expect(await reasonOf(pool.decode(path, size))).toBe('took longer than 1.5 s');
    expect(Date.now() - start).toBeLessThan(8000);
  });

  it.each([
    ['hangs', 'took longer than 1 s'],
    ['blocks', 'took longer than 1 s'],
    ['segfaults', 'the decoder ended with SIGSEGV'],
    ['aborts', 'the decoder ended with SIGABRT'],
    ['exits', 'the decoder ended with code 7'],
  ])('loses nothing but a file on which a decoder %s', async (fault, reason) => {
    const names = Array.from({ length: 12 }, (_, i) => (i === 5 ? `${fault}.jpg` : `${i}-slow.jpg`));
    const paths = await filesNamed(...names);
    const pool = opened({ processes: 2, timeoutMs: 1000 }, faulty);
    const outcomes = await Promise.all(
      paths.map((path, i) =>
        i === 5
          ? reasonOf(pool.decode(path, size))
          : pool.decode(path, size).then(({ facts }) => facts.format),
      ),
    );
    expect(outcomes).toEqual(paths.map((_, i) => (i === 5 ? reason : 'jpeg')));
    expect((await pool.decode(paths[0]!, size)).facts.format).toBe('jpeg');
  });

  it('loses only what is to blame where every other file kills its decoder', async () => {
    const faults = ['segfaults', 'ok', 'aborts', 'ok', 'blocks', 'ok', 'exits', 'ok', 'hangs', 'ok'];
    const paths = await filesNamed(...faults.map((fault, i) => `${i}-${fault}.jpg`));
    const pool = opened({ processes: 1, timeoutMs: 1000 }, faulty);
    const outcomes = await Promise.allSettled(paths.map((path) => pool.decode(path, size)));
    expect(outcomes.map(({ status }) => status)).toEqual(
      faults.map((fault) => (fault === 'ok' ? 'fulfilled' : 'rejected')),
    );
  });

  it('takes a mistake of ours for one, not for a damaged file', async () => {
    const [path] = (await filesNamed('bug.jpg')) as [string];
    const error = await opened({ processes: 1 }, faulty)
      .decode(path, size)
      .catch((thrown: Error) => thrown);
    expect(error).not.toHaveProperty('code');
    expect((error as Error).message).toContain('TypeError: x is not a function');
  });

  it('decodes here where no process can be started', async () => {
    const directory = await temporaryDirectory();
    const broken = join(directory, 'broken.mjs');
    await writeFile(broken, 'process.exit(1)');
    const [path] = (await filesNamed('a.jpg')) as [string];
    const pools = [
      opened({ processes: 1 }, new URL(`file://${broken}`)),
      new UncompiledPool({ processes: 1 }),
    ];
    for (const pool of pools) {
      const images = await Promise.all(Array.from({ length: 5 }, () => pool.decode(path, size)));
      expect(images.map(({ facts }) => facts.format)).toEqual(Array(5).fill('jpeg'));
      expect(pool.pids).toEqual([]);
    }
  });

  it('when closed rejects what is open as aborted and leaves no process', async () => {
    const paths = await filesNamed('hangs.jpg', 'a.jpg', 'blocks.jpg');
    const pool = opened({ processes: 2 }, faulty);
    const open = paths.map((path) => pool.decode(path, size));
    const outcomes = Promise.allSettled(open);
    await open[1];
    const pids = pool.pids;
    expect(pids.length).toBeGreaterThan(0);
    await pool.close();
    expect((await outcomes).map((o) => (o.status === 'rejected' ? o.reason.name : o.status))).toEqual([
      'AbortError',
      'fulfilled',
      'AbortError',
    ]);
    expect(pids.every(gone)).toBe(true);
    await expect(pool.decode(paths[1]!, size)).rejects.toMatchObject({ name: 'AbortError' });
  });

  const program = fileURLToPath(new URL('../fixtures/decode-and-wait.mjs', import.meta.url));

  it('does not keep its process alive, but for images that are asked for', async () => {
    const [path] = (await filesNamed('a.jpg')) as [string];
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'end', 'own', path], {
      timeout: 20_000,
    });
    expect(stdout).toBe('jpeg\n');
  });

  it.each(['hangs.jpg', 'blocks.jpg'])(
    'ends with its process, even by SIGKILL while a file %s',
    async (name) => {
      const paths = await filesNamed('a.jpg', name);
      const parent = spawn(process.execPath, [program, 'wait', faulty.href, ...paths]);
      onTestFinished(() => void parent.kill('SIGKILL'));
      const pids = await new Promise<number[]>((resolve) => {
        parent.stdout.once('data', (line) => resolve(JSON.parse(String(line).split('\n')[0]!)));
      });
      expect(pids).toHaveLength(1);
      // Until it has got stuck.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(pids.some(gone)).toBe(false);
      // What the terminal sends to all on Ctrl-C is for the parent to answer.
      for (const pid of pids) process.kill(pid, 'SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(pids.some(gone)).toBe(false);
      parent.kill('SIGKILL');
      await until(() => pids.every(gone));
    },
  );

  it.runIf(existsSync('/proc/self/status'))(
    'takes little memory: of photographs, under 160 MB a process',
    async () => {
      const directory = await temporaryDirectory();
      const path = join(directory, '0.jpg');
      await drawnImage(4000, 3000, (x, y) => [(x * 7 + y) % 256, (x ^ y) % 256, (x * y) % 256])
        .jpeg()
        .toFile(path);
      const paths = [path];
      for (let i = 1; i < 8; i++) {
        paths.push(join(directory, `${i}.jpg`));
        await copyFile(path, paths[i]!);
      }
      const pool = opened({ processes: 1 });
      await Promise.all(paths.map((each) => pool.decode(each, { width: 224, height: 224 })));
      const status = await readFile(`/proc/${pool.pids[0]}/status`, 'utf8');
      expect(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)![1]) / 1024).toBeLessThan(160);
    },
  );

  it('decodes HEIC beside others', async () => {
    const directory = await temporaryDirectory();
    const paths = await filesNamed(...Array.from({ length: 6 }, (_, i) => `${i}.jpg`));
    const heic = join(directory, 'a.jpg');
    await writeFile(heic, makeHeic());
    const pool = opened({ processes: 1 });
    const images = await Promise.all([heic, ...paths, heic].map((path) => pool.decode(path, size)));
    expect(images.map(({ facts }) => facts.format)).toEqual(['heic', ...Array(6).fill('jpeg'), 'heic']);
  });
});
