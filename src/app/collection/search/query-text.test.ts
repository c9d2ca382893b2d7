import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../../test/fixtures/temporary-directory.js';
import { readCrop, readQueryText } from './query-text.js';

describe('readQueryText', () => {
  it.each([
    ['#12', { image: { id: 12 } }],
    ['id:12', { image: { id: 12 } }],
    ['id:12^0.5', { image: { id: 12 }, weight: 0.5 }],
    ['cat.jpg', { image: { file: 'cat.jpg' } }],
    ['cat.jpg^2', { image: { file: 'cat.jpg' }, weight: 2 }],
    ['a^b/cat.jpg', { image: { file: 'a^b/cat.jpg' } }],
    ['./#12', { image: { file: './#12' } }],
  ])('reads %s', (text, expected) => {
    expect(readQueryText(text)).toEqual({ ...expected, text });
  });

  it('takes a file that is there for that file, whatever it is called', async () => {
    const path = join(await temporaryDirectory(), 'cat.jpg^2');
    await writeFile(path, '');
    expect(readQueryText(path)).toEqual({ image: { file: path }, text: path });
    expect(readQueryText(`${path}^3`)).toEqual({ image: { file: path }, weight: 3, text: `${path}^3` });
  });

  it.each([
    ['cat.jpg^', /weight above 0 behind \^, got nothing/],
    ['cat.jpg^-1', /named by --unlike/],
    ['cat.jpg^many', /got many/],
    ['#', /the id of an image, a whole number from 1, got nothing/],
    ['id:0', /got 0; write for example id:12/],
    ['#4294967296', /got 4294967296/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => readQueryText(text)).toThrow(message);
  });
});

describe('readCrop', () => {
  it.each([
    ['40,60,300,200', { unit: 'pixels', x: 40, y: 60, width: 300, height: 200 }],
    ['10%, 20%, 50%, 25%', { unit: 'fraction', x: 0.1, y: 0.2, width: 0.5, height: 0.25 }],
    ['0,0.5,1,.5', { unit: 'fraction', x: 0, y: 0.5, width: 1, height: 0.5 }],
    ['0,0,2,1', { unit: 'pixels', x: 0, y: 0, width: 2, height: 1 }],
  ])('reads %s', (text, expected) => {
    expect(readCrop(text)).toEqual(expected);
  });

  it.each([
    '1,2,3',
    '1,2,3,4,5',
    'a,b,c,d',
    '',
    '0,0,0,1',
    '1.5,0,3,3',
    '60%,0%,50%,10%',
    '10%,0,3,3',
    '-1,0,3,3',
  ])('refuses %s', (text) => {
    expect(() => readCrop(text)).toThrow(/--crop: expected x,y,width,height/);
  });
});
