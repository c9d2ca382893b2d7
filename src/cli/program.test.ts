import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { recipes } from '../app/recipes.js';
import { ImagekinError } from '../core/errors.js';
import { buildProgram } from './program.js';
import { pathOf } from './usage-error.js';

function commandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

const program = () => buildProgram(async () => {});

async function refusalOf(...args: string[]): Promise<ImagekinError> {
  const refused: unknown = await program()
    .parseAsync(args, { from: 'user' })
    .catch((error) => error);
  expect(refused).toBeInstanceOf(ImagekinError);
  return refused as ImagekinError;
}

describe('help', () => {
  const runnable = commandsOf(program()).filter(({ commands }) => commands.length === 0);

  it.each(runnable.map((command) => [pathOf(command), command] as const))(
    'of %s shows an example',
    (path, command) => {
      expect(helpOf(command)).toMatch(new RegExp(`\nExamples:\n  ${path}`));
    },
  );

  it.each(runnable.map((command) => [pathOf(command), command] as const))(
    'of %s explains every argument and flag that it shows',
    (_, command) => {
      for (const argument of command.registeredArguments) expect(argument.description).not.toBe('');
      for (const option of command.options) if (!option.hidden) expect(option.description).not.toBe('');
      expect(command.options.map(({ long }) => long)).toEqual(expect.arrayContaining(['--json', '--quiet']));
    },
  );

  it('of train names every recipe and what it is for', () => {
    const train = commandsOf(program()).find((command) => command.name() === 'train')!;
    const help = helpOf(train).replace(/\s+/g, ' ');
    for (const { name, summary } of Object.values(recipes)) expect(help).toContain(`${name} ${summary}`);
  });

  it('fits in 80 columns', () => {
    for (const command of commandsOf(program()))
      for (const line of helpOf(command).split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});

describe('a wrong command line', () => {
  it.each([
    [
      ['trian'],
      'imagekin: expected a command (demo, data, train, eval, calibrate, embed, add, remove, search, map, serve, dupes, status, verify, compact, reindex, export, import, models, runs), got "trian"; write train, or see imagekin --help',
    ],
    [
      ['data', 'shwo'],
      'imagekin data: expected a command (show, check, sources, split), got "shwo"; write show, or see imagekin data --help',
    ],
    [
      ['train', 'cifar10', '-o', 'm.onnx', '--epoch', '3'],
      'imagekin train: expected a flag of "imagekin train", got --epoch; write --epochs, or see imagekin train --help',
    ],
    [
      ['eval', 'm.onnx'],
      'imagekin eval: expected <source>, got no argument for it; see imagekin eval --help',
    ],
    [
      ['train', 'cifar10', '-o'],
      'imagekin train: expected a value after -o, --out <file>, got none; see imagekin train --help',
    ],
    [
      ['search', 'shoes', 'query.jpg'],
      'search: expected --model <file>, as shoes is no collection, got none; name a model file, or a collection that "imagekin add" has made',
    ],
    [
      ['train', 'cifar10', '-o', 'm', '--image-size', '15'],
      '--image-size: expected a whole number of at least 16, got "15"; write for example --image-size 16',
    ],
    [
      ['models', 'info', 'a.onnx', 'b.onnx'],
      'imagekin models info: expected 1 argument, got 2: a.onnx b.onnx; see imagekin models info --help',
    ],
    [
      ['search', 'g', 'q', '-m', 'm', '-k', 'ten'],
      '-k: expected a whole number of at least 1, got "ten"; write for example -k 1',
    ],
  ])('%j is refused with one line that says what to write', async (args, message) => {
    const refusal = await refusalOf(...args);
    expect(refusal.code).toBe('wrong-usage');
    expect(refusal.message).toBe(message);
  });
});
