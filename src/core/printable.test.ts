import { describe, expect, it } from 'vitest';
import { printable } from './printable.js';

describe('printable', () => {
  it.each([
    ['cats/ordinary name.jpg', 'cats/ordinary name.jpg'],
    ['two\nlines\t🐈.png', 'two\\nlines\\t🐈.png'],
    ['\u001b[2Jgone.jpg', '\\u{1b}[2Jgone.jpg'],
    ['photo\u202egpj.exe', 'photo\\u{202e}gpj.exe'],
  ])('writes %j as one harmless line', (name, written) => {
    expect(printable(name)).toBe(written);
  });
});
