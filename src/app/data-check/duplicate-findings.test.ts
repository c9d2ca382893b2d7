import { describe, expect, it } from 'vitest';
import { type SurveyedParts, speckledPrint, surveyedImage } from '../../../test/fixtures/surveyed-image.js';
import { PictureKinship } from '../duplicates/picture-kinship.js';
import { cleaning, keepingOrder, manifestCsv } from './clean-manifest.js';
import { exactDuplicates, leaks, nearDuplicates, smallClasses } from './duplicate-findings.js';

async function survey(...parts: SurveyedParts[]) {
  const images = parts.map(surveyedImage);
  const kinship = await PictureKinship.among(
    images.map(({ print }) => print),
    15,
  );
  return { images, kinship, order: keepingOrder(images) };
}

/** The same picture, moved by a share of a pixel: another file. */
const a = speckledPrint(1);
const a2 = speckledPrint(1, 0.3);
const paths = (groups: readonly { readonly files: readonly { readonly path: string }[] }[]) =>
  groups.map(({ files }) => files.map(({ path }) => path));

describe('exactDuplicates', () => {
  it('groups files of the same bytes, and says where their classes differ', async () => {
    const { images } = await survey(
      { path: 'cat/1', content: 'x', label: 'cat' },
      { path: 'cat/2', content: 'y', label: 'cat' },
      { path: 'dog/3', content: 'x', label: 'dog' },
      { path: 'dog/4', content: 'z', label: 'dog' },
      { path: 'dog/5', content: 'z', label: 'dog' },
    );
    expect(exactDuplicates(images)).toEqual([
      expect.objectContaining({ sha256: 'x', labelsDiffer: true }),
      expect.objectContaining({ sha256: 'z', labelsDiffer: false }),
    ]);
  });
});

describe('nearDuplicates', () => {
  it('puts the largest first, and takes one of files of the same bytes', async () => {
    const { images, kinship, order } = await survey(
      { path: 'small', print: a2, side: 50 },
      { path: 'large', print: a, side: 500 },
      { path: 'copy of small', content: 'small', print: a2, side: 50 },
      { path: 'other' },
    );
    expect(paths(nearDuplicates(images, kinship, order))).toEqual([['large', 'small']]);
  });

  it('does not call exact copies near duplicates', async () => {
    const { images, kinship, order } = await survey({ path: '1', content: 'x' }, { path: '2', content: 'x' });
    expect(nearDuplicates(images, kinship, order)).toEqual([]);
  });

  it('finds files whose prints are equal', async () => {
    const { images, kinship, order } = await survey(
      { path: '1.png', print: a },
      { path: '1.webp', print: a },
    );
    expect(nearDuplicates(images, kinship, order)).toMatchObject([{ distance: 0 }]);
  });

  it('joins no chain of small changes into one group', async () => {
    const chain = Array.from({ length: 12 }, (_, i) => speckledPrint(9, i * 0.9));
    const { images, kinship, order } = await survey(...chain.map((print, i) => ({ path: String(i), print })));
    const groups = nearDuplicates(images, kinship, order);
    expect(groups.length).toBeGreaterThan(1);
    for (const { files } of groups)
      for (const { path } of files) expect(kinship.areKin(Number(files[0]!.path), Number(path))).toBe(true);
  });
});

describe('leaks', () => {
  it('finds what stands in two splits, exactly or nearly, and nothing else', async () => {
    const { images, kinship } = await survey(
      { path: 'train/1', content: 'x', split: 'train' },
      { path: 'test/1', content: 'x', split: 'test' },
      { path: 'train/2', print: a, split: 'train' },
      { path: 'val/2', print: a2, split: 'val' },
      { path: 'train/3', content: 'y', split: 'train' },
      { path: 'train/4', content: 'y', split: 'train' },
    );
    const found = leaks(images, kinship);
    expect(found.map(({ kind }) => kind)).toEqual(['exact', 'near']);
    expect(paths(found)).toEqual([
      ['test/1', 'train/1'],
      ['val/2', 'train/2'],
    ]);
  });

  it('finds none where no split is given', async () => {
    const { images, kinship } = await survey({ path: '1', content: 'x' }, { path: '2', content: 'x' });
    expect(leaks(images, kinship)).toEqual([]);
  });
});

describe('smallClasses', () => {
  it('counts copies once and files that do not decode not at all', async () => {
    const { images } = await survey(
      { path: '1', content: 'x', label: 'twins' },
      { path: '2', content: 'x', label: 'twins' },
      { path: '3', label: 'pair' },
      { path: '4', label: 'pair' },
      { path: '5' },
    );
    const listed = { id: '6', location: '6', label: 'broken' };
    expect(smallClasses(images, [{ listed, empty: true, reason: 'empty' }], 2)).toEqual([
      { label: 'broken', images: 0 },
      { label: 'twins', images: 1 },
    ]);
  });
});

describe('cleaning', () => {
  it('keeps of each picture the one in the test split, else the largest, else the first', async () => {
    const { images, kinship, order } = await survey(
      { path: 'train/big', print: a, side: 900, split: 'train' },
      { path: 'test/small', print: a2, side: 90, split: 'test' },
      { path: 'train/small', print: speckledPrint(2), side: 10, split: 'train' },
      { path: 'train/large', print: speckledPrint(2, 0.3), side: 20, split: 'train' },
      { path: 'train/x', content: 'x', split: 'train' },
      { path: 'train/x again', content: 'x', split: 'train' },
    );
    const listed = { id: 'bad', location: 'train/bad' };
    const { kept, removed } = cleaning(images, [{ listed, empty: false, reason: 'cut' }], kinship, order);
    expect(kept.map((image) => images[image]!.listed.id)).toEqual(['test/small', 'train/large', 'train/x']);
    expect(removed).toEqual([
      { path: 'train/bad', reason: 'corrupt', kept: null },
      { path: 'train/big', reason: 'leak', kept: 'test/small' },
      { path: 'train/small', reason: 'near-duplicate', kept: 'train/large' },
      { path: 'train/x again', reason: 'exact-duplicate', kept: 'train/x' },
    ]);
  });
});

describe('manifestCsv', () => {
  it('quotes what needs it, keeps metadata, and notes suggestions without following them', async () => {
    const { images } = await survey(
      {
        path: 'in/two\nlines, "here" 🐟.jpg',
        label: 'a,b',
        split: 'train',
        metadata: { price: 3, by: null },
      },
      { path: 'in/2.jpg', label: 'cat', metadata: { by: 'Ann' } },
    );
    const suspected = { path: 'in/2.jpg', label: 'cat', suggested: 'dog' };
    expect(manifestCsv(images, [0, 1], [suspected as never], 'lists/cleaned.csv')).toBe(
      [
        'path,label,split,suspected_label,price,by\n',
        '"../in/two\nlines, ""here"" 🐟.jpg","a,b",train,,3,\n',
        '../in/2.jpg,cat,,dog,,Ann\n',
      ].join(''),
    );
  });
});
