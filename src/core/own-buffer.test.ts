import { describe, expect, it } from 'vitest';
import { inOwnBuffer } from './own-buffer.js';

describe('bytes in a buffer of their own', () => {
  it('are the same where they have one', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(inOwnBuffer(bytes)).toBe(bytes);
  });

  it('are a copy where they are a part of one, or share it with threads', () => {
    const part = Uint8Array.of(1, 2, 3).subarray(1);
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    shared.set([2, 3]);
    for (const bytes of [part, Buffer.from([2, 3]), shared]) {
      const own = inOwnBuffer(bytes);
      expect([...own]).toEqual([2, 3]);
      expect(own.buffer).toBeInstanceOf(ArrayBuffer);
      expect(own.buffer.byteLength).toBe(2);
      expect(own.buffer).not.toBe(bytes.buffer);
    }
  });
});
