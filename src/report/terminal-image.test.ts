import { describe, expect, it } from 'vitest';
import { terminalImage, terminalProtocol } from './terminal-image.js';

const png = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7) % 256);
const on = (env: Record<string, string>, isTTY = true) => terminalProtocol({ isTTY, env });

describe('terminalProtocol', () => {
  it.each([
    [{ TERM: 'xterm-kitty' }, 'kitty'],
    [{ KITTY_WINDOW_ID: '1' }, 'kitty'],
    [{ TERM_PROGRAM: 'ghostty', TERM: 'xterm-256color' }, 'kitty'],
    [{ TERM_PROGRAM: 'iTerm.app' }, 'iterm2'],
    [{ TERM_PROGRAM: 'WezTerm' }, 'iterm2'],
    [{ LC_TERMINAL: 'iTerm2' }, 'iterm2'],
    [{ TERM_PROGRAM: 'Apple_Terminal' }, undefined],
    [{ TERM: 'xterm-256color' }, undefined],
    [{}, undefined],
  ] as [Record<string, string>, string | undefined][])('knows the terminal of %j', (env, protocol) => {
    expect(on(env)).toBe(protocol);
  });

  it('shows nothing in a pipe, nor within tmux or screen', () => {
    expect(on({ TERM: 'xterm-kitty' }, false)).toBeUndefined();
    expect(on({ TERM_PROGRAM: 'iTerm.app', TMUX: '/tmp/tmux' })).toBeUndefined();
    expect(on({ KITTY_WINDOW_ID: '1', TERM: 'screen-256color' })).toBeUndefined();
  });
});

describe('terminalImage', () => {
  it('gives nothing where the terminal shows no pictures', () => {
    expect(terminalImage(png, { isTTY: true, env: {} })).toBeUndefined();
  });

  it('sends Kitty the whole file in pieces it takes', () => {
    const sequence = terminalImage(png, { isTTY: true, env: { TERM: 'xterm-kitty' } }, { columns: 60 })!;
    const pieces = sequence
      .trimEnd()
      .split('\x1b\\')
      .slice(0, -1)
      .map((piece) => piece.replace('\x1b_G', '').split(';'));
    expect(Buffer.from(pieces.map((piece) => piece[1]).join(''), 'base64')).toEqual(Buffer.from(png));
    expect(pieces.every((piece) => piece[1].length <= 4096)).toBe(true);
    expect(pieces[0][0]).toBe('a=T,f=100,q=2,c=60,m=1');
    expect(pieces.slice(1).map((piece) => piece[0])).toEqual(['m=1', 'm=1', 'm=0']);
  });

  it('sends iTerm2 the whole file with its length', () => {
    const sequence = terminalImage(png, { isTTY: true, env: { TERM_PROGRAM: 'iTerm.app' } })!;
    expect(sequence.startsWith('\x1b]1337;File=')).toBe(true);
    expect(sequence.endsWith('\x07\n')).toBe(true);
    const [keys, payload] = sequence.slice('\x1b]1337;File='.length, -2).split(':');
    expect(keys.split(';')).toContain('size=10000');
    expect(Buffer.from(payload, 'base64')).toEqual(Buffer.from(png));
  });
});
