import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type MapPageOptions, mapPage } from './map-page.js';

const options: MapPageOptions = {
  title: 'Map of <photos>.kin',
  lead: '2 images',
  notes: ['Seed 0.'],
  command: 'imagekin map photos.kin',
  x: [-3, 5],
  y: [0, 2],
  paths: ['a/</script><script>alert(1)</script>.jpg', 'b/☃ "x".jpg'],
  base: 'file:///photos/',
  noFile: [1],
  groups: [{ name: '<b>one</b>', detail: '2 images', medoid: 0 }],
  groupOf: [0, 0],
  outliers: [1],
  thumbnails: new Map([[0, Uint8Array.of(1, 2, 3)]]),
};

const dataIn = (page: string) =>
  /<script type="application\/json" id="map-data">(.*?)<\/script>/s.exec(page)![1]!;

describe('mapPage', () => {
  it('holds all it needs, and runs no script but its own', () => {
    const page = mapPage(options);
    expect(page.match(/<script/g)).toHaveLength(2);
    const script = /<script>(.*?)<\/script>/s.exec(page)![1]!;
    const style = /<style>(.*?)<\/style>/s.exec(page)![1]!;
    for (const text of [script, style])
      expect(page).toContain(createHash('sha256').update(text).digest('base64'));
    expect(page).not.toMatch(/<(link|iframe)|src="|href="http/);
    expect(page).toContain('Map of &lt;photos&gt;.kin');
  });

  it('has names as they are, whatever they hold', () => {
    const data = JSON.parse(dataIn(mapPage(options)));
    expect(data.paths).toEqual(options.paths);
    expect(data.groups).toMatchObject([
      { name: '<b>one</b>', medoid: 0, colour: expect.stringMatching(/^#/) },
    ]);
    expect(data).toMatchObject({ noFile: [1], outliers: [1], clusters: [0, 0], base: 'file:///photos/' });
    expect(data.thumbnails).toEqual({ 0: 'AQID' });
  });

  it('keeps proportions, with y downwards', () => {
    const bytes = Buffer.from(JSON.parse(dataIn(mapPage(options))).places, 'base64');
    const places = Array.from({ length: 4 }, (_, i) => bytes.readUInt16LE(2 * i));
    expect(places[0]).toBe(0);
    expect(places[2]).toBe(65_535);
    // A quarter as high as it is wide, and the upper one above.
    expect((places[1]! - places[3]!) / 65_535).toBeCloseTo(0.25, 3);
  });

  it('is a page of no image as well', () => {
    const none = mapPage({
      ...options,
      x: [],
      y: [],
      paths: [],
      noFile: [],
      groupOf: [],
      outliers: [],
      groups: [],
    });
    expect(JSON.parse(dataIn(none)).paths).toEqual([]);
  });
});
