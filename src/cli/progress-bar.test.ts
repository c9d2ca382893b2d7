import { describe, expect, it } from 'vitest';
import { ProgressBar } from './progress-bar.js';

function barOn({ isTTY, TERM = 'xterm' }: { isTTY: boolean; TERM?: string }) {
  let written = '';
  let atMs = 0;
  const stream = { isTTY, columns: 80, write: (text: string) => (written += text) };
  const bar = new ProgressBar({ stream, env: { TERM, LANG: 'C.UTF-8' }, nowMs: () => atMs });
  return {
    bar,
    /** What was written since it was last asked. */
    written() {
      const since = written;
      written = '';
      return since;
    },
    at(ms: number) {
      atMs = ms;
    },
  };
}

const training = { task: 'training', done: 1, total: 100, unit: 'images' };

describe('progress on a terminal', () => {
  it('draws one line over and over, ten times a second at most', () => {
    const { bar, at, written } = barOn({ isTTY: true });
    for (let ms = 0; ms < 1_000; ms++) {
      at(ms);
      bar.update({ ...training, done: 1 + Math.floor(ms / 20) });
    }
    const lines = written().split('\r').slice(1);
    expect(lines).toHaveLength(10);
    for (const line of lines) {
      expect(line).toMatch(/^training .*%/);
      expect(line.endsWith('\x1b[K')).toBe(true);
    }
  });

  it('draws a new task and the end of one at once', () => {
    const { bar, at, written } = barOn({ isTTY: true });
    bar.update(training);
    at(1);
    bar.update({ ...training, task: 'comparing' });
    bar.update({ ...training, task: 'comparing', done: 100 });
    expect(written()).toMatch(/training.*\rcomparing.*1%.*\rcomparing.*100%/);
  });

  it('takes the line away before other output, once', () => {
    const { bar, written } = barOn({ isTTY: true });
    bar.clear();
    expect(written()).toBe('');
    bar.update(training);
    written();
    bar.clear();
    bar.clear();
    expect(written()).toBe('\r\x1b[K');
  });

  it('leaves the last column free', () => {
    const { bar, written } = barOn({ isTTY: true });
    bar.update({ ...training, figures: { note: 'x'.repeat(200) } });
    expect(written().replace('\r', '').replace('\x1b[K', '').length).toBeLessThan(80);
  });
});

describe.each([
  ['elsewhere', { isTTY: false }],
  ['on a terminal that cannot move its cursor', { isTTY: true, TERM: 'dumb' }],
])('progress %s', (_, stream) => {
  it('is a whole line every five seconds, without control characters', () => {
    const { bar, at, written } = barOn(stream);
    for (let ms = 0; ms <= 12_000; ms += 100) {
      at(ms);
      bar.update({ ...training, done: 1 + ms / 1_000 });
    }
    const lines = written().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('training: 6 %, 6/100 images, 1.0 images/s, about 1 min 34 s left');
    expect(lines.at(-1)).toBe('');
    expect(lines.join('')).toMatch(/^[ -~]*$/);
  });

  it('is nothing for work of less than five seconds', () => {
    const { bar, at, written } = barOn(stream);
    bar.update(training);
    at(4_000);
    bar.update({ ...training, done: 100 });
    bar.clear();
    expect(written()).toBe('');
  });
});
