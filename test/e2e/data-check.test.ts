import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { measureNear } from '../fixtures/measure-findings.js';
import { copyClassFolders, type PlantedFaults, plantFaults } from '../fixtures/plant-faults.js';
import { realData } from '../fixtures/real-data.js';
import { writeVariedPictures } from '../fixtures/varied-pictures.js';
import { CommandLine } from './command-line.js';

const photos = realData('data', 'photos');

describe.each([
  {
    folder: 'drawn',
    absent: false,
    fill: (directory: string) => writeVariedPictures(directory, 25, 1),
  },
  {
    folder: 'photos',
    absent: photos.absent,
    fill: (directory: string) => copyClassFolders(photos.path, directory),
  },
])('data check on $folder with 40 planted faults', ({ folder, absent, fill }) => {
  const cli = new CommandLine();
  let planted: PlantedFaults;
  let before: Map<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is for the tests to say
  let check: any;
  let ended: Awaited<ReturnType<CommandLine['run']>>;
  const own = (path: string) => path.slice(folder.length + 1);

  beforeAll(async () => {
    if (absent) return;
    await fill(cli.path(folder));
    planted = await plantFaults(cli.path(folder), 1);
    before = await digests(cli.path(folder));
    ended = await cli.run(
      ...['data', 'check', folder, '--report', 'page', '--fix', 'lists/cleaned.csv', '--json', '--quiet'],
    );
    check = JSON.parse(ended.stdout);
  }, 120_000);

  it.skipIf(absent)(
    'finds every corrupt and every empty file, lists them, and says so by its exit code',
    () => {
      const paths = (files: { path: string }[]) => files.map(({ path }) => own(path)).sort();
      expect(paths(check.corrupt)).toEqual([...planted.corrupt].sort());
      expect(paths(check.empty)).toEqual([...planted.empty].sort());
      for (const { reason } of [...check.corrupt, ...check.empty]) expect(reason).toMatch(/\S/);
      expect(ended.code).toBe(3);
      expect(ended.stderr).toMatch(/^(skipped [^\n]+\n){11}11 files skipped\n$/);
      expect(check.images - check.checked).toBe(11);
    },
  );

  it.skipIf(absent)('finds every exact duplicate, and no other', () => {
    const groups = check.exactDuplicates.map(({ files }: { files: { path: string }[] }) =>
      files.map(({ path }) => own(path)).sort(),
    );
    expect(groups.sort()).toEqual(planted.exact.map((pair) => [...pair].sort()).sort());
    const differ = check.exactDuplicates.filter(
      ({ labelsDiffer }: { labelsDiffer: boolean }) => labelsDiffer,
    );
    expect(differ).toHaveLength(4);
  });

  it.skipIf(absent)('finds nine in ten near duplicates, nine in ten of them rightly', () => {
    const found = check.nearDuplicates.map(({ files }: { files: { path: string }[] }) =>
      files.map(({ path }) => own(path)),
    );
    const figures = measureNear(found, planted);
    expect(figures.recall, figures.missed.join(', ')).toBeGreaterThanOrEqual(0.9);
    expect(figures.precision, figures.wrong.join(', ')).toBeGreaterThanOrEqual(0.9);
  });

  it.skipIf(absent)('writes a manifest with one of each, whose paths lead to the files', async () => {
    const rows = parseCsv(await readFile(cli.path('lists', 'cleaned.csv'), 'utf8'));
    expect(rows[0]).toEqual(['path', 'label', 'split', 'suspected_label']);
    const listed = new Set(rows.slice(1).map(([path]) => path!.slice(`../${folder}/`.length)));
    for (const path of listed) expect(before.has(path), path).toBe(true);
    for (const path of [...planted.corrupt, ...planted.empty]) expect(listed.has(path), path).toBe(false);
    for (const [original, copy] of planted.exact)
      expect([original, copy].filter((path) => listed.has(path))).toHaveLength(1);
    expect(listed.has(planted.oddName)).toBe(true);
    for (const { path } of planted.wrongLabels) expect(listed.has(path)).toBe(true);
    expect(listed.size + check.removed.length).toBe(check.images);
  });

  it.skipIf(absent)('writes a page with every picture inside', async () => {
    expect(check.report).toBe('page/index.html');
    const page = await readFile(cli.path('page', 'index.html'), 'utf8');
    for (const title of ['Files that do not decode', 'Exact duplicates', 'Near duplicates'])
      expect(page).toContain(`>${title}</h2>`);
    expect(page.match(/<img /g)!.length).toBeGreaterThanOrEqual(2 * (8 + 10));
    expect(await readdir(cli.path('page'))).toEqual(
      expect.arrayContaining(['exact-duplicates.png', 'near-duplicates.png', 'index.html']),
    );
  });

  it.skipIf(absent)('has changed no file of the user', async () => {
    expect(await digests(cli.path(folder))).toEqual(before);
  });

  it.skipIf(absent)('tells people in tables, and fails where it is to be strict', async () => {
    const { code, stdout } = await cli.run('data', 'check', folder, '--quiet', '--strict');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^corrupt files +8 /m);
    expect(stdout).toMatch(/^exact duplicates +8 /m);
    expect(stdout).toMatch(/^suspected labels +– /m);
  });
});

async function digests(directory: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    found.set(path.slice(directory.length + 1), digest);
  }
  return found;
}

/** RFC 4180, quoted fields with line breaks included. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (quoted === undefined && plain === '' && end === '') break;
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === '\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}
