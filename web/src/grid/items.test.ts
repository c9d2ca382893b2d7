import { expect, test } from 'vitest';
import { PagedItems } from './items.js';

const settled = () => new Promise((resolve) => setTimeout(resolve));

function numbers(total: number) {
  const asked: number[] = [];
  const items = new PagedItems<number>(async (offset, limit) => {
    asked.push(offset);
    return { items: Array.from({ length: Math.min(limit, total - offset) }, (_, at) => offset + at), total };
  }, 10);
  return { asked, items };
}

test('only pages that are looked at are loaded, each once', async () => {
  const { asked, items } = numbers(1000);
  await settled();
  expect(items.count.value).toBe(1000);
  items.need(495, 515);
  items.need(495, 515);
  await settled();
  expect(asked).toEqual([0, 490, 500, 510]);
  expect([items.at(499), items.at(500), items.at(700)]).toEqual([499, 500, undefined]);
});

test('nothing is asked for behind the end', async () => {
  const { asked, items } = numbers(25);
  await settled();
  items.need(20, 90);
  await settled();
  expect(asked).toEqual([0, 20]);
});

test('what was passed while scrolling is given up', async () => {
  const aborted: number[] = [];
  const items = new PagedItems<number>((offset, _limit, signal) => {
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        aborted.push(offset);
        reject(new DOMException('', 'AbortError'));
      });
    });
  }, 10);
  items.need(100, 110);
  items.need(900, 910);
  await settled();
  expect(aborted).toEqual([0, 100]);
  expect(items.failure.value).toBeUndefined();
});

test('a failure is told, keeps from asking on, and is tried again when asked to', async () => {
  let fails = true;
  let calls = 0;
  const items = new PagedItems<number>(async () => {
    calls++;
    if (fails) throw new Error('no');
    return { items: [1], total: 1 };
  }, 10);
  await settled();
  expect(items.failure.value?.message).toBe('no');
  items.need(0, 10);
  await settled();
  expect(calls).toBe(1);
  fails = false;
  items.retry();
  await settled();
  expect(items.failure.value).toBeUndefined();
  expect(items.at(0)).toBe(1);
});

test('items are changed where they stand', async () => {
  const { items } = numbers(5);
  await settled();
  const before = items.version.value;
  items.change((item) => item * 2);
  expect(items.at(2)).toBe(4);
  expect(items.version.value).toBeGreaterThan(before);
});

test('pages far from what is looked at are forgotten when there are too many, and loaded again', async () => {
  const { items } = numbers(10_000);
  for (let from = 0; from < 10_000; from += 10) {
    items.need(from, from + 10);
    await settled();
  }
  expect(items.at(9_995)).toBe(9_995);
  expect(items.at(8_005)).toBe(8_005);
  expect(items.at(5)).toBeUndefined();
  items.need(0, 10);
  await settled();
  expect(items.at(5)).toBe(5);
});
