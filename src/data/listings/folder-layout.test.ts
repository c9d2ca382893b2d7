import { describe, expect, it } from 'vitest';
import { folderLayout, outermostFolders } from './folder-layout.js';

const described = (...paths: string[]) => {
  const layout = folderLayout(outermostFolders(paths));
  return paths.map((path) => layout.describe(path));
};

describe('what folders say of images', () => {
  it('is a label, the whole path of the folder', () => {
    expect(described('cats/1.jpg', 'shoes/boots/1.jpg', 'shoes/2.jpg', '3.jpg')).toEqual([
      { label: 'cats' },
      { label: 'shoes/boots' },
      { label: 'shoes' },
      {},
    ]);
  });

  it.each([
    ['train and test', ['train', 'test']],
    ['train and val', ['train', 'val']],
    ['all three', ['train', 'val', 'test']],
  ] as const)('is a split as well where there are %s, whose labels begin below', (_, splits) => {
    const paths = splits.map((split) => `${split}/shoes/boots/1.jpg`);
    expect(described(...paths)).toEqual(splits.map((split) => ({ label: 'shoes/boots', split })));
  });

  it('is nothing of images beside splits, and no label of images that lie loose in one', () => {
    expect(
      described('train/a/1.jpg', 'test/a/1.jpg', 'extra/a/1.jpg', '2.jpg', 'train/3.jpg').slice(2),
    ).toEqual([{}, {}, { split: 'train' }]);
  });

  it('is no split of a class called train, val or test where no other folder makes it one', () => {
    expect(described('train/1.jpg', 'bus/1.jpg')).toEqual([{ label: 'train' }, { label: 'bus' }]);
    expect(described('val/1.jpg', 'test/1.jpg')).toEqual([{ label: 'val' }, { label: 'test' }]);
  });
});
