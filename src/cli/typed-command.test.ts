import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { programCall, typedCommand } from './typed-command.js';

describe('a command line to paste', () => {
  it('is what was typed, quoted where a shell needs it', () => {
    expect(typedCommand(['train', './my shoes', '-o', 'm.onnx'])).toBe(
      "imagekin train './my shoes' -o m.onnx",
    );
  });

  it('is taken apart by a shell into the same arguments', () => {
    const argument = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 4 }), (args) => {
        const print = `printf '%s\\0' ${typedCommand(args, '')}`;
        const parted = execFileSync('sh', ['-c', print], { encoding: 'utf8' });
        expect(parted).toBe(args.length === 0 ? '\0' : args.map((arg) => `${arg}\0`).join(''));
      }),
      { numRuns: 25 },
    );
  });

  it('calls the program as it was called', () => {
    expect(programCall({})).toBe('imagekin');
    expect(programCall({ npm_lifecycle_event: 'npx' })).toBe('npx imagekin');
    expect(programCall({ npm_lifecycle_event: 'demo', npm_package_name: 'imagekin' })).toBe(
      'npm run --silent imagekin --',
    );
    expect(programCall({ npm_lifecycle_event: 'demo', npm_package_name: 'shop' })).toBe('imagekin');
  });
});
