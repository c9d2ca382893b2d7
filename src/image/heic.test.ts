import { describe, expect, it } from 'vitest';
import { makeHeic } from '../../test/fixtures/make-heic.js';
import { adobeRgb, makeIccProfile, toSrgb } from '../../test/fixtures/make-icc-profile.js';
import { decodeImage, decodeImageTo } from './decode.js';
import { decodeHeic } from './heic.js';
import type { Image } from './image.js';

const red = [200, 30, 40];
const green = [30, 190, 60];
const blue = [20, 40, 210];
const yellow = [230, 220, 30];

/** In the middles of the quarters: above left, above right, below left, below right. */
function quarters({ data, width, height }: Image): number[][] {
  return [
    [1, 1],
    [3, 1],
    [1, 3],
    [3, 3],
  ].map(([x, y]) => {
    const at = (Math.floor((height * y!) / 4) * width + Math.floor((width * x!) / 4)) * 3;
    return [...data.subarray(at, at + 3)];
  });
}

function expectNear(image: Image, expected: readonly (readonly number[])[], tolerance = 8): void {
  for (const [i, colour] of quarters(image).entries())
    for (const [channel, value] of colour.entries())
      expect(
        Math.abs(value - expected[i]![channel]!),
        `quarter ${i}: ${colour} for ${expected[i]}`,
      ).toBeLessThanOrEqual(tolerance);
}

describe('a HEIC file', () => {
  it('decodes to its picture', async () => {
    const image = await decodeImage(makeHeic());
    expect([image.width, image.height, image.data.length]).toEqual([64, 64, 64 * 64 * 3]);
    expectNear(image, [red, green, blue, yellow]);
    expectNear(await decodeImageTo(makeHeic(), { width: 10, height: 10 }), [red, green, blue, yellow]);
  });

  it.each([
    [{ turns: 1 }, [green, yellow, red, blue]],
    [{ turns: 2 }, [yellow, blue, green, red]],
    [{ turns: 3 }, [blue, red, yellow, green]],
    [{ mirror: 0 }, [blue, yellow, red, green]],
    [{ mirror: 1 }, [green, red, yellow, blue]],
    [{ turns: 1, mirror: 1 }, [yellow, green, blue, red]],
  ] as const)('is turned and mirrored as it says: %j', async (parts, expected) => {
    expectNear(await decodeImage(makeHeic(parts)), expected);
  });

  it('is turned once, though its EXIF says so as well', async () => {
    expectNear(await decodeImage(makeHeic({ turns: 3, exifOrientation: 6 })), [blue, red, yellow, green]);
    expectNear(await decodeImage(makeHeic({ exifOrientation: 6 })), [red, green, blue, yellow]);
  });

  it('has its colour profile applied', async () => {
    const image = await decodeImage(makeHeic({ profile: makeIccProfile(adobeRgb) }));
    const plain = quarters(await decodeImage(makeHeic()));
    expectNear(
      image,
      plain.map((colour) => toSrgb(colour, adobeRgb)),
      3,
    );
    // The profile makes a difference that this would notice.
    expect(Math.abs(quarters(image)[0]![0]! - plain[0]![0]!)).toBeGreaterThan(10);
  });

  it('is refused where it is cut, with a reason; and the next one decodes', async () => {
    const file = makeHeic();
    for (const length of [20, 100, 300, file.length - 30])
      await expect(decodeImage(file.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({
        code: 'image-undecodable',
      });
    expectNear(await decodeImage(file), [red, green, blue, yellow]);
  });

  it('is refused for its size before it is decoded', async () => {
    await expect(decodeHeic(makeHeic(), 64 * 64 - 1)).rejects.toThrow('64 × 64 pixels, more than the limit');
    const claims = makeHeic();
    const size = claims.indexOf('ispe') + 8;
    claims.writeUInt32BE(60_000, size);
    claims.writeUInt32BE(60_000, size + 4);
    await expect(decodeHeic(claims, 1e8)).rejects.toThrow(/limit|size/i);
  });
});
