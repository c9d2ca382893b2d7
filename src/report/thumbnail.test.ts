import { describe, expect, it } from 'vitest';
import { decodeImage } from '../image/decode.js';
import { thumbnail } from './thumbnail.js';

const image = (width: number, height: number) => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).map((_, i) => (i * 37) % 256),
});
const decode = (dataUri: string) => decodeImage(Buffer.from(dataUri.split(',')[1], 'base64'));

describe('thumbnail', () => {
  it('keeps the pixels of a small image, to be shown in whole multiples', async () => {
    const small = image(32, 32);
    const made = await thumbnail(small, 96);
    expect(made).toMatchObject({ widthPx: 96, heightPx: 96, pixelated: true });
    expect(Uint8Array.from((await decode(made.dataUri)).data)).toEqual(small.data);
  });

  it('never shows a fraction of a pixel', async () => {
    // A tile of 64 holds 128 pixels of the screen: three times 40, not 3.2 times.
    expect(await thumbnail(image(40, 20), 64)).toMatchObject({ widthPx: 60, heightPx: 30, pixelated: true });
  });

  it('reduces a photograph to two pixels per CSS pixel, its proportions kept', async () => {
    const made = await thumbnail(image(600, 300), 96);
    expect(made).toMatchObject({ widthPx: 96, heightPx: 48, pixelated: false });
    expect(made.dataUri).toMatch(/^data:image\/jpeg;base64,/);
    expect(await decode(made.dataUri)).toMatchObject({ width: 192, height: 96 });
  });

  it('keeps at least a line of an image that is all length', async () => {
    const made = await thumbnail(image(2000, 1), 64);
    expect(await decode(made.dataUri)).toMatchObject({ width: 128, height: 1 });
  });
});
