import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../app/data-check/check-data.js';
import type { DataCheck } from '../app/data-check/findings.js';
import { dataCheckText } from './data-check-text.js';

const nothing: DataCheck = {
  source: 'photos',
  images: 3,
  checked: 3,
  classes: 1,
  corrupt: [],
  empty: [],
  exactDuplicates: [],
  nearDuplicates: [],
  leaks: [],
  smallClasses: [],
  suspectedLabels: null,
  outliers: null,
  model: null,
  limits: defaultLimits,
  report: null,
  manifest: null,
  removed: null,
  seconds: 1,
};
const file = (path: string) => ({ path, label: null, split: null });

describe('dataCheckText', () => {
  it('counts every kind, and shows with a dash what was not looked for', async () => {
    const text = await dataCheckText(nothing);
    expect(text).toMatch(/^exact duplicates +0 /m);
    expect(text).toMatch(/^outliers +– /m);
    expect(text).not.toMatch(/^ {2}/m);
  });

  it('lists the first findings and says how many there are besides', async () => {
    const groups = Array.from({ length: 1234 }, (_, i) => ({
      files: Array.from({ length: 9 }, (_, j) => file(`${i}-${j}.jpg`)),
      sha256: String(i),
      labelsDiffer: i === 0,
    }));
    const text = await dataCheckText({ ...nothing, exactDuplicates: groups });
    expect(text).toMatch(/^exact duplicates +1,234 /m);
    expect(text).toContain(
      '  0-0.jpg  0-1.jpg  0-2.jpg  0-3.jpg  0-4.jpg  0-5.jpg  3 more  (classes differ)\n',
    );
    expect(text).toContain('  1,224 more in --json and --report\n');
    expect(text).not.toContain('10-0.jpg');
  });

  it('writes a name of two lines, and one with a colour code, on one line', async () => {
    const names = ['first\nsecond 🐟.jpg', '\u001b[31mred.jpg'];
    const outliers = names.map((path) => ({ ...file(path), distance: 0.5, score: 4 }));
    const text = await dataCheckText({ ...nothing, outliers });
    expect(text).toContain('  first\\nsecond 🐟.jpg  score 4.0\n');
    expect(text).not.toContain('\u001b');
  });
});
