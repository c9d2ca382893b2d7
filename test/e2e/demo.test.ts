import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { CommandLine } from './command-line.js';

const cli = new CommandLine();
const demo = ['demo', 'emoji', '--epochs', '4', '--batches', '1'];

it('the demo stops cleanly, goes on when run again, and ends with a page that stands on its own', async () => {
  const { child, ended, said } = cli.start(...demo);
  await said('epoch 1/4');
  child.kill('SIGINT');
  const stopped = await ended;
  expect(stopped.code).toBe(130);
  expect(stopped.stdout).toBe('');
  expect(stopped.stderr.trimEnd().split('\n').at(-1)).toBe('stopped; the same command goes on from here');

  const { code, stdout, stderr } = await cli.run(...demo);
  expect(code, stderr).toBe(0);
  const steps = [
    'Looking at emoji',
    'Training an embedding',
    'Testing it by near neighbours',
    'Searching with it',
  ];
  for (const step of steps) expect(stderr).toContain(`${step}\n`);
  expect(stderr).not.toContain('epoch 1/4');
  expect(stderr).toContain('epoch 4/4  loss ');
  expect(stdout).toMatch(/^precision@1 +0\.\d{3} +raw pixels: 0\.\d{3}$/m);
  expect(stdout).toMatch(/^report +imagekin-demo\/report\/index\.html$/m);

  const page = await readFile(cli.path('imagekin-demo/report/index.html'), 'utf8');
  for (const picture of await picturesOf(page)) {
    const { format, width } = await sharp(cli.path('imagekin-demo/report', picture)).metadata();
    expect([picture, format]).toEqual([picture, 'png']);
    expect(width).toBeGreaterThan(200);
  }

  const hinted = /^ {2}imagekin (search .*)$/m.exec(stderr)![1]!.split(' ');
  const { results } = await cli.json(...hinted);
  expect(results[0].hits).toHaveLength(10);
  // A test image, looked for among the test images: it is its own nearest.
  expect(results[0].hits[0].score).toBeCloseTo(1, 4);
  expect(existsSync(cli.path('found.png'))).toBe(true);
}, 300_000);

/** Checks that a page loads nothing but itself, and gives the PNG files that it links to. */
async function picturesOf(page: string): Promise<string[]> {
  const markup = page.replace(/<style>.*?<\/style>/gs, '');
  expect(page).not.toMatch(/<script|<link|<iframe|<object|@import|srcset=/i);
  for (const [, address] of markup.matchAll(/\s(?:src|xlink:href)="([^"]*)"/g))
    expect(address).toMatch(/^data:|^#/);
  for (const [, address] of page.matchAll(/url\(([^)]*)\)/g)) expect(address).toMatch(/^["']?(data:|#)/);
  // What is only linked to need not be there to see the page.
  const links = [...markup.matchAll(/<(\w+)[^>]*\shref="([^"]*)"/g)].map(([, tag, address]) => ({
    tag,
    address,
  }));
  for (const { tag, address } of links) if (tag !== 'a') expect(address).toMatch(/^data:|^#/);
  const pictures = links.map(({ address }) => address!).filter((address) => address.endsWith('.png'));
  expect(pictures.length).toBeGreaterThanOrEqual(5);
  return pictures;
}
