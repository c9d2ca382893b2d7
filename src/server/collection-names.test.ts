import { describe, expect, it } from 'vitest';
import { collectionNames } from './collection-names.js';

describe('the name of a collection', () => {
  it.each([
    ['/data/photos.kin', 'photos'],
    ['shop.KIN/', 'shop'],
    ['/a/My Photos, 2024', 'My-Photos-2024'],
    ['/a/ärmel 靴.kin', 'ärmel-靴'],
    ['/a/..hidden.kin', 'hidden'],
    ['/a/%2e%2e', '2e-2e'],
    ['/a/???', 'collection'],
    ['/', 'collection'],
  ])('in %s is %s', (directory, name) => {
    expect([...collectionNames([directory]).keys()]).toEqual([name]);
  });

  it('is another for each', () => {
    const directories = ['/a/x.kin', '/b/x.kin', '/c/x', '/d/x-2.kin'];
    expect([...collectionNames(directories)]).toEqual([
      ['x', '/a/x.kin'],
      ['x-2', '/b/x.kin'],
      ['x-3', '/c/x'],
      ['x-2-2', '/d/x-2.kin'],
    ]);
  });
});
