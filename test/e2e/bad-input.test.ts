import { copyFile, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { realData } from '../fixtures/real-data.js';
import { CommandLine, errorLine } from './command-line.js';
import { writeFullSizeCifar10 } from './full-size-cifar10.js';
import { speckledImage, writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine();
const mobileNet = realData('models', 'mobilenetv2-0.35-224.onnx');
let before: string[];

beforeAll(async () => {
  await writeClassFolders(cli.path('fruit'), 4);
  await cli.json('train', 'fruit', '-o', 'fruit.onnx', '--epochs', '1', '--batches', '2');
  await speckledImage('lemon', 9).jpeg().toFile(cli.path('query.jpg'));
  await writeFile(cli.path('note.png'), 'not a picture');

  await mkdir(cli.path('empty'));
  await mkdir(cli.path('flat'));
  await copyFile(cli.path('query.jpg'), cli.path('flat', 'query.jpg'));
  await mkdir(cli.path('broken', 'apple'), { recursive: true });
  await copyFile(cli.path('note.png'), cli.path('broken', 'apple', 'note.png'));
  await writeClassFolders(cli.path('lone'), 3);
  await rm(cli.path('lone', 'plum', '1.png'));
  await rm(cli.path('lone', 'plum', '2.png'));

  const model = await readFile(cli.path('fruit.onnx'));
  await writeFile(cli.path('nothing.onnx'), '');
  await copyFile(cli.path('query.jpg'), cli.path('picture.onnx'));
  await writeFile(cli.path('cut.onnx'), model.subarray(0, model.length * 0.7));
  await writeFile(cli.path('misspelt.onnx'), flipped(model, model.indexOf('Gemm')));
  await writeFile(cli.path('unreadable.onnx'), flipped(model, model.indexOf('{"name":"keras-example"') + 1));

  await writeFullSizeCifar10(cli.path('whole'));
  for (const name of ['short', 'mislabelled', 'nameless', 'missing']) await linkCifar10(name);
  const batch = await readFile(cli.path('whole', 'test_batch.bin'));
  await replace('short/test_batch.bin', batch.subarray(0, 12_345_678));
  batch[3073 * 4711] = 10;
  await replace('mislabelled/test_batch.bin', batch);
  await replace('nameless/batches.meta.txt', Buffer.from('cat\ndog\n'));
  await rm(cli.path('missing', 'data_batch_3.bin'));

  before = await cli.files();
}, 120_000);

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

async function linkCifar10(name: string): Promise<void> {
  await mkdir(cli.path(name));
  for (const file of (await cli.files()).filter((path) => path.startsWith('whole/')))
    await link(cli.path(file), cli.path(name, file.slice('whole/'.length)));
}

/** Writes a new file: the old one is linked from elsewhere. */
async function replace(path: string, bytes: Uint8Array): Promise<void> {
  await rm(cli.path(path));
  await writeFile(cli.path(path), bytes);
}

interface BadInput {
  readonly what: string;
  readonly args: string;
  readonly code: 1 | 2;
  readonly errorCode: string;
  readonly says: RegExp;
}

const cases: BadInput[] = [
  {
    what: 'a batch file that was cut short',
    args: 'data show cifar10:test --data short',
    code: 1,
    errorCode: 'source-damaged',
    says: /^short\/test_batch\.bin: expected 30730000 bytes .*, got 12345678 bytes; unpack the archive again/,
  },
  {
    what: 'a label that is no class',
    args: 'train cifar10:test -o m.onnx --data mislabelled',
    code: 1,
    errorCode: 'source-damaged',
    says: /^mislabelled\/test_batch\.bin: expected a label of 0 to 9 in record 4711, got 10; /,
  },
  {
    what: 'a list of class names of another length',
    args: 'data show cifar10:test --data nameless',
    code: 1,
    errorCode: 'source-damaged',
    says: /^nameless\/batches\.meta\.txt: expected 10 different class names, one a line, got 2; /,
  },
  {
    what: 'a batch file that is missing',
    args: 'train cifar10 -o m.onnx --data missing',
    code: 1,
    errorCode: 'source-damaged',
    says: /^missing\/data_batch_3\.bin: expected .*, got no such file; /,
  },
  {
    what: 'a --data without CIFAR-10 in it',
    args: 'train cifar10 -o m.onnx --data empty',
    code: 1,
    errorCode: 'source-missing',
    says: /^--data empty: expected a directory with test_batch\.bin and data_batch_1\.bin, got none; /,
  },
  {
    what: 'an empty folder',
    args: 'data show empty',
    code: 1,
    errorCode: 'empty-source',
    says: /^empty: expected one folder per class with image files in it, got no image file; /,
  },
  {
    what: 'an empty gallery',
    args: 'search empty query.jpg --model fruit.onnx',
    code: 1,
    errorCode: 'empty-source',
    says: /^empty: expected .*, got no image file; /,
  },
  {
    what: 'images in no class folder',
    args: 'train flat -o m.onnx',
    code: 1,
    errorCode: 'empty-source',
    says: /^flat: expected one folder per class .*, got 1 image files? in no class folder; sort the images/,
  },
  {
    what: 'a folder in which no image decodes',
    args: 'data show broken',
    code: 1,
    errorCode: 'empty-source',
    says: /^broken:all: expected at least one image that decodes, got 1 that do not, as broken\/apple\/note\.png; /,
  },
  {
    what: 'a class with one image',
    args: 'train lone:all -o m.onnx',
    code: 1,
    errorCode: 'too-few-images',
    says: /^training data: expected at least 2 images in every class, .*, got 1 image in 'plum'; add images, or pass --skip-lone-classes/,
  },
  {
    what: 'a query that does not decode',
    args: 'search fruit note.png --model fruit.onnx',
    code: 1,
    errorCode: 'image-undecodable',
    says: /^note\.png: expected a JPEG, PNG, .* image .*, got ".*"; repair, convert or remove it$/m,
  },
  {
    what: 'a query that is not there',
    args: 'search fruit gone.png --model fruit.onnx',
    code: 1,
    errorCode: 'file-not-found',
    says: /^gone\.png: expected an image file, got no such file; check the path$/m,
  },
  {
    what: 'a model that is not there',
    args: 'eval gone.onnx fruit',
    code: 1,
    errorCode: 'file-not-found',
    says: /^gone\.onnx: expected a model file, got nothing there; .*imagekin train/,
  },
  {
    what: 'an empty model file',
    args: 'models info nothing.onnx',
    code: 1,
    errorCode: 'model-foreign',
    says: /^nothing\.onnx: expected a model file of imagekin, got an empty file; .*imagekin train/,
  },
  {
    what: 'a picture in the place of a model',
    args: 'eval picture.onnx fruit',
    code: 1,
    errorCode: 'model-foreign',
    says: /^picture\.onnx: expected a model file of imagekin, got another kind of file; .*imagekin train/,
  },
  {
    what: 'a model file that was cut short',
    args: 'search fruit query.jpg --model cut.onnx',
    code: 1,
    errorCode: 'model-damaged',
    says: /^cut\.onnx: expected a whole model file, got \d+ bytes that do not decode.*; copy it again, or train it anew$/m,
  },
  {
    what: 'a model file with a flipped bit in its graph',
    args: 'models info misspelt.onnx',
    code: 1,
    errorCode: 'model-damaged',
    says: /^misspelt\.onnx: expected a .*model.*, got .*; copy .* again, or train it anew$/m,
  },
  {
    what: 'a model file with a flipped bit in what it says of itself',
    args: 'eval unreadable.onnx fruit',
    code: 1,
    errorCode: 'model-damaged',
    says: /^unreadable\.onnx: expected a whole model file, got .*; copy it again, or train it anew$/m,
  },
  {
    what: 'an unknown flag',
    args: 'train fruit -o m.onnx --epoch 3',
    code: 2,
    errorCode: 'wrong-usage',
    says: /^imagekin train: expected a flag of "imagekin train", got --epoch; write --epochs, or see imagekin train --help$/m,
  },
  {
    what: 'an unknown command',
    args: 'evaluate',
    code: 2,
    errorCode: 'wrong-usage',
    says: /^imagekin: expected a command \(demo, .*\), got "evaluate"; /,
  },
  {
    what: 'an unknown source',
    args: 'train cifar100 -o m.onnx',
    code: 2,
    errorCode: 'unknown-source',
    says: /^source: expected cifar10, emoji or a directory .*, got "cifar100"; check the spelling or the path/,
  },
  {
    what: 'a file of an unknown kind in the place of a source',
    args: 'eval fruit.onnx misspelt.onnx',
    code: 2,
    errorCode: 'unknown-source',
    says: /^source: expected .*, got "misspelt\.onnx", a file; /,
  },
  {
    what: 'an image in the place of a source with labels',
    args: 'eval fruit.onnx query.jpg',
    code: 1,
    errorCode: 'empty-source',
    says: /^query\.jpg: expected images with labels, got 1 image file without a label; give a folder per class/,
  },
  {
    what: 'an unknown source of the demo',
    args: 'demo mnist',
    code: 2,
    errorCode: 'unknown-source',
    says: /^source: expected cifar10 or emoji, got "mnist"; /,
  },
  {
    what: 'an unknown recipe',
    args: 'train fruit -o m.onnx --recipe resnet',
    code: 2,
    errorCode: 'wrong-usage',
    says: /^--recipe: expected keras-example or fast or accurate or emoji or head, got .resnet.; name one of these$/m,
  },
  {
    what: 'a number that is none',
    args: 'train fruit -o m.onnx --threads abc',
    code: 2,
    errorCode: 'wrong-usage',
    says: /^--threads: expected a whole number from 1 to 256, got "abc"; write for example --threads 1$/m,
  },
  {
    what: 'a model path that leads through a file',
    args: 'train fruit -o query.jpg/m.onnx',
    code: 1,
    errorCode: 'file-not-writable',
    says: /^query\.jpg: expected a directory, got a file: .*query\.jpg; name another path$/m,
  },
  {
    what: 'a directory in the place of a model path',
    args: 'train fruit -o fruit',
    code: 1,
    errorCode: 'file-not-writable',
    says: /^fruit: expected a file name, got a directory; name a file in it$/m,
  },
  {
    what: 'a report path that leads through a file',
    args: 'eval fruit.onnx fruit --report query.jpg/report',
    code: 1,
    errorCode: 'file-not-writable',
    says: /^query\.jpg\/report: expected a directory, got a file/,
  },
  {
    what: 'a sheet path that leads through a file',
    args: 'search fruit query.jpg --model fruit.onnx --sheet query.jpg/found.png',
    code: 1,
    errorCode: 'file-not-writable',
    says: /^query\.jpg: expected a directory, got a file/,
  },
  {
    what: 'a folder for pictures that is a file',
    args: 'data show fruit --out query.jpg',
    code: 1,
    errorCode: 'file-not-writable',
    says: /^query\.jpg: expected a directory, got a file/,
  },
];

describe('bad input ends in one line that says what to do, leaves nothing behind, and shows no stack:', () => {
  it.each(cases)('$what', async ({ args, code, errorCode, says }) => {
    const ended = await cli.run(...args.split(' '), '--json');
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr).toMatch(errorLine);
    expect(ended.code).toBe(code);
    expect(JSON.parse(ended.stdout)).toEqual({
      error: { code: errorCode, message: ended.stderr.trimEnd() },
    });
    expect(await cli.files()).toEqual(before);
  });

  it.skipIf(mobileNet.absent)('a foreign ONNX file that nobody has said how to use', async () => {
    const { code, stdout, stderr } = await cli.run('eval', mobileNet.path, 'fruit');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(errorLine);
    expect(stderr).toContain(
      'mobilenetv2-0.35-224.onnx: expected a model whose preprocessing is known, got ',
    );
    expect(stderr).toContain('say what the model was trained with, as --mean 0.485,0.456,0.406');
  });
});

// Model files carry no checksum, so that other weights are as good as any.
it('a model file with a flipped bit in its weights is damaged', async () => {
  const model = await readFile(cli.path('fruit.onnx'));
  await writeFile(cli.path('other.onnx'), flipped(model, model.length >> 1));
  const { code, stderr } = await cli.run('models', 'info', 'other.onnx');
  expect(code).toBe(1);
  expect(stderr).toMatch(errorLine);
});

describe('a class with one image', () => {
  it('is left out of a training with --skip-lone-classes', async () => {
    const trained = await cli.json(
      ...['train', 'lone:all', '-o', 'm.onnx', '--epochs', '1', '--batches', '2', '--skip-lone-classes'],
    );
    expect(trained).toMatchObject({ classes: 3, images: 9 });
  });

  it('is left out of the queries of an evaluation, which are counted', async () => {
    const tested = await cli.json('eval', 'fruit.onnx', 'lone:all');
    expect(tested).toMatchObject({ images: 10, queries: 9, leftOut: 1 });
  });
});

it('shows where an error came from when asked by IMAGEKIN_DEBUG', async () => {
  const debugging = new CommandLine({ IMAGEKIN_DEBUG: '1' });
  const { code, stderr } = await debugging.run('eval', 'gone.onnx', 'emoji');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^gone\.onnx: expected [^\n]+\n/);
  expect(stderr).toMatch(/\n {4}at /);
});
