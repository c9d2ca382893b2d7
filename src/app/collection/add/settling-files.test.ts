import { describe, expect, it } from 'vitest';
import type { Seen } from './file-states.js';
import { SettlingFiles } from './settling-files.js';

describe('SettlingFiles', () => {
  const gone: Seen = { reason: 'no such file', isGone: true };

  function files(states: Record<string, Seen>) {
    return new SettlingFiles(1000, (path) => states[path] ?? gone);
  }

  it('gives a file when it has stayed the same for long enough, once', () => {
    const settling = files({ a: { size: 1, mtime: 5 } });
    settling.note('a', 0);
    expect(settling.take(999)).toEqual([]);
    expect(settling.take(1000)).toEqual(['a']);
    expect(settling.take(5000)).toEqual([]);
    expect(settling.size).toBe(0);
  });

  it('waits as long as a file grows, be it told of or not', () => {
    const states: Record<string, Seen> = { a: { size: 1, mtime: 5 } };
    const settling = files(states);
    settling.note('a', 0);
    states.a = { size: 2, mtime: 5 };
    expect(settling.take(1000)).toEqual([]);
    expect(settling.take(1500)).toEqual([]);
    settling.note('a', 1800);
    expect(settling.take(2500)).toEqual([]);
    expect(settling.take(2800)).toEqual(['a']);
  });

  it('gives a file that has gone, and one that has come back as it is then', () => {
    const states: Record<string, Seen> = { b: { size: 1, mtime: 5 } };
    const settling = files(states);
    settling.note('a', 0);
    settling.note('b', 0);
    delete states.b;
    expect(settling.take(1000)).toEqual(['a']);
    states.b = { size: 1, mtime: 5 };
    expect(settling.take(2000)).toEqual([]);
    expect(settling.take(3000)).toEqual(['b']);
  });
});
