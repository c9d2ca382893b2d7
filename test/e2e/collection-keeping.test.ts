import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { pictureFolder } from '../fixtures/picture-folder.js';
import { tinyModel, tinyTrained } from '../fixtures/tiny-model.js';
import { CommandLine, errorLine } from './command-line.js';

const cli = new CommandLine();

beforeAll(async () => {
  await pictureFolder({ amber: 3, blue: 3 }, cli.directory);
  await writeFile(cli.path('one.onnx'), tinyModel(tinyTrained(1)));
  await writeFile(cli.path('two.onnx'), tinyModel(tinyTrained(2)));
  await cli.json('add', 'photos.kin', 'pictures', '--model', 'one.onnx');
}, 60_000);

describe('keeping a collection, by the command line', { timeout: 60_000 }, () => {
  it('status prints what there is, for people and for programs', async () => {
    expect(await cli.json('status', 'photos.kin')).toMatchObject({ images: 6, reindex: null });
    const { code, stdout } = await cli.run('status', 'photos.kin');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^images +6\n +amber: 3\n +blue: 3\nsources +.*pictures: 6 images, looked through 2\d{3}-\d\d-\d\d \d\d:\d\d\n/,
    );
    const missing = await cli.run('status', 'nothing.kin');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(errorLine);
  });

  it('reindex lists what it could not embed, and says so by the exit code', async () => {
    await appendFile(cli.path('pictures', 'amber', '0.png'), 'more');
    const refused = await cli.run('reindex', 'photos.kin', '--model', 'two.onnx', '--quiet');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(errorLine);
    const forced = await cli.run('reindex', 'photos.kin', '--model', 'two.onnx', '--force');
    expect(forced.code).toBe(3);
    expect(forced.stderr).toMatch(/skipped .*amber.0\.png.*\n1 file skipped/);
    expect(forced.stdout).toMatch(/^model +two\.onnx \(\w{12}\), from now on\nindex +exact, 5 vectors\n/);
  });

  it('verify ends with 1 where something is wrong, and says what it means', async () => {
    const { code, stdout } = await cli.run('verify', 'photos.kin', '--quiet');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^DAMAGE images-without-vector: 1\n {2}images that are there .*\n {4}amber\/0\.png/,
    );
    await cli.json('add', 'photos.kin', 'pictures');
    expect((await cli.run('verify', 'photos.kin', '--deep')).code).toBe(0);
  });

  it('export and import go there and back, and compact is left with nothing to do', async () => {
    await cli.json('export', 'photos.kin', '-o', 'photos.jsonl');
    expect(await cli.json('import', 'copy.kin', 'photos.jsonl')).toMatchObject({ added: 6, skipped: [] });
    await appendFile(cli.path('photos.jsonl'), 'no row\n');
    const some = await cli.run('import', 'copy.kin', 'photos.jsonl');
    expect(some.code).toBe(3);
    expect(some.stderr).toMatch(/skipped photos\.jsonl: line 7: not a JSON object/);
    await cli.json('export', 'copy.kin', '-o', 'copy.npy');
    await cli.json('export', 'photos.kin', '-o', 'photos.npy');
    expect((await readFile(cli.path('copy.npy'))).equals(await readFile(cli.path('photos.npy')))).toBe(true);
    // It has no model, and so can be searched by what it has.
    const { code, stdout } = await cli.run('search', 'copy.kin', 'id:1', '--json');
    expect(code).toBe(0);
    expect(JSON.stringify(JSON.parse(stdout))).toContain('"rank":1');
    await writeFile(
      cli.path('other.png'),
      Buffer.concat([await readFile(cli.path('pictures', 'amber', '1.png')), Buffer.of(0)]),
    );
    const byFile = await cli.run('search', 'copy.kin', 'other.png');
    expect(byFile.code).toBe(1);
    expect(byFile.stderr).toMatch(/a collection of imported vectors alone/);
    expect(await cli.json('compact', 'copy.kin')).toMatchObject({ finished: true, removed: { vectors: 0 } });
    const wrong = await cli.run('export', 'photos.kin', '-o', 'photos.xml');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(errorLine);
  });
});
