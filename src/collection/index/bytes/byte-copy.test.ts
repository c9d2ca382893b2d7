import { describe, expect, it } from 'vitest';
import { ByteCopy } from './byte-copy.js';

describe('ByteCopy', () => {
  it('is worth it once about a thousand queries have been asked', () => {
    const copy = new ByteCopy();
    expect(copy.isWorthIt(1000)).toBe(false);
    expect(copy.isWorthIt(100)).toBe(true);
    expect(new ByteCopy().isWorthIt(2000)).toBe(true);
  });

  it('pauses where bytes settle little, the longer the more often', () => {
    const copy = new ByteCopy();
    const pausedFor = () => {
      let queries = 0;
      while (copy.pauses(128)) queries += 128;
      return queries;
    };
    copy.found(128, 20);
    expect(pausedFor()).toBe(0);
    copy.found(128, 100);
    const first = pausedFor();
    expect(first).toBeGreaterThanOrEqual(1024);
    copy.found(128, 128);
    expect(pausedFor()).toBe(2 * first);
    copy.found(128, 3);
    expect(pausedFor()).toBe(0);
    copy.found(128, 128);
    expect(pausedFor()).toBe(first);
  });

  it('makes bytes once; where that failed it is tried again after a long pause', async () => {
    const copy = new ByteCopy();
    let made = 0;
    const rows = { bytes: new Uint8Array(0), scale: 1, residual: 0, norm: 0 };
    const failing = () => Promise.reject(new Error(`no memory ${++made}`));
    expect(await copy.rows(failing)).toBeUndefined();
    expect(copy.pauses(2 ** 16)).toBe(true);
    expect(copy.pauses(1)).toBe(false);
    expect(await copy.rows(async () => rows)).toBe(rows);
    expect(await copy.rows(failing)).toBe(rows);
    expect(made).toBe(1);
  });

  it('keeps what was learned of rows that changed, but not their bytes', async () => {
    const copy = new ByteCopy();
    const rows = { bytes: new Uint8Array(0), scale: 1, residual: 0, norm: 0 };
    await copy.rows(async () => rows);
    copy.found(128, 128);
    const renewed = copy.renewed();
    expect(renewed.pauses(128)).toBe(true);
    const others = { ...rows, scale: 2 };
    expect(await renewed.rows(async () => others)).toBe(others);
  });
});
