import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
// The compiled one, as only that has a program to start.
import { DecodePool } from '../../dist/image/decode-pool.js';
import { decodeImage } from '../../src/image/decode.js';
import { SmallJpegDecoder, smallJpegSize } from '../../src/image/small-jpeg.js';
import { type DamagedFile, damagedFiles } from '../fixtures/damaged-files.js';
import { temporaryDirectory } from '../fixtures/temporary-directory.js';

/** `IMAGEKIN_FUZZ_FILES=2000 IMAGEKIN_FUZZ_SEED=7` for more of them, or others. */
const count = Number(process.env.IMAGEKIN_FUZZ_FILES ?? 300);
const seed = Number(process.env.IMAGEKIN_FUZZ_SEED ?? 1);
const timeoutMs = 8000;

interface Outcome extends DamagedFile {
  readonly milliseconds: number;
  /** Left out where it was decoded. */
  readonly error?: Error & { readonly code?: string };
}

describe('damaged image files', () => {
  it(`are decoded or reported, each within 10 s and in little memory (${count} files)`, async () => {
    const files = await damagedFiles(count, seed);
    const directory = await temporaryDirectory();
    const extensions = ['jpg', 'png', 'webp', 'heic', 'svg', 'bmp', 'txt'];
    const paths = await Promise.all(
      files.map(async ({ bytes }, i) => {
        const path = join(directory, `${i}.${extensions[i % extensions.length]}`);
        await writeFile(path, bytes);
        return path;
      }),
    );
    const pool = new DecodePool({ processes: 2, timeoutMs });
    const pids = new Set<number>();
    let peakMiB = 0;
    const look = setInterval(() => {
      for (const pid of pool.pids) {
        pids.add(pid);
        peakMiB = Math.max(peakMiB, peakOf(pid));
      }
    }, 50);
    const outcomes: Outcome[] = [];
    let next = 0;
    const lane = async () => {
      while (next < files.length) {
        const i = next++;
        const start = performance.now();
        const error = await pool.decode(paths[i]!, { width: 32, height: 32 }).then(
          () => undefined,
          (thrown: Error) => thrown,
        );
        outcomes.push({ ...files[i]!, milliseconds: performance.now() - start, error });
      }
    };
    try {
      await Promise.all(Array.from({ length: pool.atOnce }, lane));
    } finally {
      clearInterval(look);
      await pool.close();
    }

    const failed = outcomes.flatMap(({ error }) => error ?? []);
    expect(failed.filter(({ code }) => code !== 'image-undecodable')).toEqual([]);
    for (const { message } of failed) {
      expect(message.split('\n')).toHaveLength(1);
      expect(/got "(.+)"; /.exec(message)?.[1]?.length).toBeLessThanOrEqual(160);
    }
    // Those that are as they were, but for their names, decode, of every format; the others mostly do not.
    const intact = outcomes.filter(({ damage }) => damage === 'nothing but its name');
    expect(intact.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(new Set(intact.map(({ format }) => format)).size).toBe(9);
    expect(failed.length).toBeGreaterThan(count / 4);
    const slowest = outcomes.reduce((a, b) => (b.milliseconds > a.milliseconds ? b : a));
    expect(slowest.milliseconds).toBeLessThan(10_000);
    expect(peakMiB).toBeLessThan(500);
    const ended = failed.filter(({ message }) => /decoder ended|took longer/.test(message));
    console.info(
      `${count} damaged files: ${outcomes.length - failed.length} decoded, ${failed.length} reported, ` +
        `${ended.length} of them by ending the process; slowest ${Math.round(slowest.milliseconds)} ms ` +
        `(${slowest.format}, ${slowest.damage}); ${pids.size} processes, peak ${Math.round(peakMiB)} MiB`,
    );
    for (const { message } of ended) console.info(message);
  }, 600_000);

  it(`are decoded by a thread that runs a model only where libvips decodes them (${count} files)`, async () => {
    const decoder = new SmallJpegDecoder();
    let [tried, taken, slowest] = [0, 0, 0];
    for (const { bytes } of await damagedFiles(count, seed)) {
      if (smallJpegSize(bytes) === undefined) continue;
      tried++;
      const start = performance.now();
      const image = await decoder.decode(bytes);
      slowest = Math.max(slowest, performance.now() - start);
      if (image === undefined) continue;
      taken++;
      const { width, height } = image;
      expect(await decodeImage(bytes)).toMatchObject({ width, height });
    }
    expect(taken).toBeGreaterThan(count / 100);
    expect(taken).toBeLessThan(tried);
    expect(slowest).toBeLessThan(1000);
    console.info(`${tried} damaged small JPEGs: ${taken} decoded; slowest ${slowest.toFixed(1)} ms`);
  }, 600_000);
});

/** 0 where the system does not say, or the process is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
