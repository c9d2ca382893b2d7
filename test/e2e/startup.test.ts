import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const program = new URL('../../dist/cli/program.js', import.meta.url).href;

describe('the start of the command line', () => {
  // Each costs tenths of a second, which people wait for before any flag is read.
  it('loads no engine, no decoder and no database', () => {
    const script = `await import(${JSON.stringify(program)});
      process.stdout.write(JSON.stringify(process.report.getReport().sharedObjects));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const libraries = JSON.parse(out) as string[];
    expect(libraries.length).toBeGreaterThan(0);
    expect(libraries.filter((path) => path.includes('node_modules'))).toEqual([]);
  });
});
