import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as operations from './index.js';

/** Names that the test files of this folder have a suite for. */
function describedNames(): Set<string> {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'));
  return new Set(
    sources.flatMap((source) => [...source.matchAll(/^describe\('(\w+)'/gm)].map((match) => match[1])),
  );
}

describe('the tests of the operations', () => {
  it('have a suite named after every operation that is exported', () => {
    const described = describedNames();
    const missing = Object.keys(operations).filter((name) => !described.has(name));
    expect(missing).toEqual([]);
  });
});
