import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { jsonLine, jsonObjectOf } from './json-lines.js';

describe('jsonLine', () => {
  it('is one line to whoever reads lines, and the same value to whoever parses it', async () => {
    const value = { name: 'a\u2028b\u2029c\nd "e"' };
    const lines: string[] = [];
    for await (const line of createInterface({ input: Readable.from([`${jsonLine(value)}\n`]) }))
      lines.push(line);
    expect(lines).toHaveLength(1);
    expect(jsonObjectOf(lines[0]!)).toEqual(value);
  });
});

describe('jsonObjectOf', () => {
  it.each(['[1]', 'null', '3', '"text"', '{', ''])('holds no object: %s', (text) => {
    expect(jsonObjectOf(text)).toBeUndefined();
  });
});
