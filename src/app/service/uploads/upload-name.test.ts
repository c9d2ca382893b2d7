import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isImageName } from '../../../data/image-names.js';
import { otherUploadName, uploadName } from './upload-name.js';

describe('uploadName', () => {
  it('keeps the name of a file, and nothing of its folders', () => {
    expect(uploadName('a b (1).JPG', 'jpeg')).toBe('a b (1).JPG');
    expect(uploadName('猫.png', 'png')).toBe('猫.png');
    expect(uploadName('/etc/cron.d/x.png', 'png')).toBe('x.png');
    expect(uploadName('..\\..\\boot\\x.png', 'png')).toBe('x.png');
    expect(uploadName('../../../x.png', 'png')).toBe('x.png');
  });

  it('leaves out what is not safe in names', () => {
    expect(uploadName('..', 'png')).toBe('image.png');
    expect(uploadName('', 'jpeg')).toBe('image.jpg');
    expect(uploadName('.hidden.png', 'png')).toBe('hidden.png');
    expect(uploadName('a\0b\nc\u202egnp.png', 'png')).toBe('a_b_c_gnp.png');
    expect(uploadName('CON.png', 'png')).toBe('_CON.png');
    expect(uploadName('a.png . ', 'png')).toBe('a.png');
    expect(uploadName('half \ud83d.png', 'png')).toBe('half \ufffd.png');
  });

  it('says what a file is where its name does not', () => {
    expect(uploadName('photo', 'jpeg')).toBe('photo.jpg');
    expect(uploadName('photo.txt', 'webp')).toBe('photo.txt.webp');
  });

  it('gives other bytes another name', () => {
    expect(otherUploadName('a.b.png', '12345678')).toBe('a.b-12345678.png');
  });

  it('makes of any text a name that is seen by who lists a folder, and stays in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 20 }), (a, b) => {
        for (const given of [a, b, `${b}/${a}`, `${a}.jpg`]) {
          const name = uploadName(given, 'png');
          expect(name).not.toMatch(/[/\\\p{Cc}]|^\.|^\s|[.\s]$/u);
          expect(Buffer.byteLength(name)).toBeLessThan(200);
          expect(name.isWellFormed()).toBe(true);
          expect(isImageName(name)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
