import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { exifFacts } from './exif-facts.js';

type Exif = Parameters<ReturnType<typeof sharp>['withExif']>[0];

async function factsOf(exif: Exif) {
  const bytes = await sharp({ create: { width: 4, height: 3, channels: 3, background: 'teal' } })
    .jpeg()
    .withExif(exif)
    .toBuffer();
  return exifFacts((await sharp(bytes).metadata()).exif);
}

describe('exifFacts', () => {
  it('reads when, with what and where a picture was taken', async () => {
    const facts = await factsOf({
      IFD0: { Make: 'SONY', Model: 'ILCE-7M4' },
      IFD2: { DateTimeOriginal: '2024:05:06 07:08:09', LensModel: 'FE 35mm F1.8' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '51/1 30/1 0/1',
        GPSLongitudeRef: 'W',
        GPSLongitude: '0/1 7/1 3000/100',
      },
    });
    expect(facts).toEqual({
      takenAt: '2024-05-06T07:08:09',
      camera: 'SONY ILCE-7M4',
      lens: 'FE 35mm F1.8',
      latitude: 51.5,
      longitude: -0.125,
    });
  });

  it('does not name a make twice', async () => {
    expect(await factsOf({ IFD0: { Make: 'Canon', Model: 'Canon EOS R5' } })).toEqual({
      camera: 'Canon EOS R5',
    });
    expect(await factsOf({ IFD0: { Make: 'NIKON CORPORATION', Model: 'NIKON Z 6' } })).toEqual({
      camera: 'NIKON Z 6',
    });
  });

  it('leaves out what makes no sense', async () => {
    expect(
      await factsOf({
        IFD0: { Make: ' ', Model: '  ' },
        IFD2: { DateTimeOriginal: '0000:00:00 00:00:00' },
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: '0/1 0/1 0/1',
          GPSLongitudeRef: 'E',
          GPSLongitude: '0/1 0/1 0/1',
        },
      }),
    ).toEqual({});
  });

  it('says nothing of a block that cannot be read', () => {
    expect(exifFacts(undefined)).toEqual({});
    expect(exifFacts(Buffer.from('no such block'))).toEqual({});
    expect(exifFacts(Buffer.from('Exif\0\0II*\0\xff\xff\xff\x7f', 'latin1'))).toEqual({});
  });
});
