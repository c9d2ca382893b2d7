import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeCifar10, writeFiles } from '../../test/fixtures/make-cifar10.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { isListed } from '../data/listing.js';
import { builtInSourceNames } from '../data/source.js';
import { listSources, sourceForms } from './list-sources.js';

const listed = (options: Parameters<typeof listSources>[0]) =>
  listSources(options).map(({ name, here }) => [name, here]);

describe('listSources', () => {
  it('names every source that needs no path', async () => {
    const home = await temporaryDirectory();
    expect(listSources({ home }).map(({ name }) => name)).toEqual(builtInSourceNames);
  });

  it('tells sources that are here from those that are not', async () => {
    const [home, dataDir] = [await temporaryDirectory(), await temporaryDirectory()];
    await writeFiles(dataDir, makeCifar10(1));
    await mkdir(join(home, 'emoji'));
    expect(listed({ home, dataDir })).toEqual([
      ['cifar10', true],
      ['emoji', true],
    ]);
    expect(listSources({ home, dataDir })[0].path).toBe(dataDir);
  });

  it('refuses a place for the data that holds none', async () => {
    const dataDir = await temporaryDirectory();
    expect(() => listSources({ dataDir })).toThrow(expect.objectContaining({ code: 'source-missing' }));
  });

  it('says of every form whether it is listed, as listings have it', async () => {
    const directory = await temporaryDirectory();
    const examples: Readonly<Record<string, string>> = {
      '<folder>': '.',
      '<manifest>': 'a.csv',
      '<archive>': 'a.tar',
      '<pattern>': '*.jpg',
      '-': '-',
      '<image>': 'a.jpg',
      '<idx>': 'a-images-idx3-ubyte',
    };
    for (const name of Object.values(examples))
      if (/^a/.test(name)) await writeFile(join(directory, name), '');
    expect(sourceForms.map(({ form }) => form)).toEqual(Object.keys(examples));
    for (const { form, listed: isFiles } of sourceForms) {
      const example = examples[form]!;
      expect(isListed(example === '-' ? example : join(directory, example))).toBe(isFiles);
    }
  });
});
