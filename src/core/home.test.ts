import { describe, expect, it } from 'vitest';
import { imagekinHome } from './home.js';

describe('imagekinHome', () => {
  it('is where IMAGEKIN_HOME says', () => {
    expect(imagekinHome({ IMAGEKIN_HOME: '/data/kin', XDG_CACHE_HOME: '/cache' })).toBe('/data/kin');
  });
  it.runIf(process.platform === 'linux')("is a folder in the user's cache otherwise", () => {
    expect(imagekinHome({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/imagekin');
    expect(imagekinHome({})).toMatch(/\/\.cache\/imagekin$/);
  });
});
