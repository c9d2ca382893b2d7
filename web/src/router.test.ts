import { expect, test } from 'vitest';
import { choice, flag, optionalNumber, text, writeParam } from './params.js';
import { href, readRoute } from './router.js';

const read = (path: string) => readRoute(new URL(path, 'http://localhost'));

test('an address names collection, screen, image and the rest', () => {
  const route = read('/c/my%20photos/search?q=12&min=0.5');
  expect(route).toMatchObject({ collection: 'my photos', screen: 'search', image: undefined });
  expect(route.params.get('min')).toBe('0.5');
  expect(read('/c/p/image/12')).toMatchObject({ screen: 'image', image: 12 });
});

test('what is not understood leads to a screen that there is', () => {
  expect(read('/')).toMatchObject({ collection: undefined, screen: 'search' });
  expect(read('/c/p/nothing')).toMatchObject({ collection: 'p', screen: 'search' });
  expect(read('/c/p/image/x')).toMatchObject({ screen: 'browse', image: undefined });
  expect(read('/c/%E0%A4%A/map')).toMatchObject({ collection: '%E0%A4%A', screen: 'map' });
});

test('addresses are read as they are written', () => {
  const address = href({
    collection: 'a/b c',
    screen: 'image',
    image: 7,
    params: { where: 'x = "ü&"', at: 0, no: undefined },
  });
  const route = read(address);
  expect(route).toMatchObject({ collection: 'a/b c', screen: 'image', image: 7 });
  expect(Object.fromEntries(route.params)).toEqual({ where: 'x = "ü&"', at: '0' });
});

test('parameters that are the default do not stand in the address', () => {
  const params = new URLSearchParams('a=1&b=1&c=1&d=1');
  writeParam(params, 'a', text, '');
  writeParam(params, 'b', flag, false);
  writeParam(params, 'c', choice(['near', 'far']), 'near');
  writeParam(params, 'd', optionalNumber(0, 1), undefined);
  expect(params.toString()).toBe('');
});

test('parameters that are not what they should be count as the default', () => {
  expect(optionalNumber(0, 1).read('2')).toBeUndefined();
  expect(optionalNumber(0, 1).read('')).toBeUndefined();
  expect(optionalNumber(0, 1).read('x')).toBeUndefined();
  expect(optionalNumber(-1, 1).read('-0.25')).toBe(-0.25);
  expect(choice(['near', 'far']).read('else')).toBe('near');
});
