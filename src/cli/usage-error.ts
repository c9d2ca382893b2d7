import type { Command, CommanderError } from 'commander';
import { ImagekinError } from '../core/errors.js';

interface Reading {
  readonly expected: string;
  readonly got: string;
  readonly fix?: string;
}

/** How each of commander's messages reads in the form of all our errors, by its code. */
const readings: Readonly<Record<string, (message: string, command: Command) => Reading | undefined>> = {
  'commander.unknownOption': (message, command) => {
    const [, flag, similar] = /unknown option '(.*?)'(?:\s*\(Did you mean (.*)\?\))?/s.exec(message) ?? [];
    return flag === undefined
      ? undefined
      : { expected: `a flag of "${pathOf(command)}"`, got: flag, fix: similarFix(similar) };
  },
  'commander.unknownCommand': (message, command) => {
    const [, name, similar] = /unknown command '(.*?)'(?:\s*\(Did you mean (.*)\?\))?/s.exec(message) ?? [];
    const names = command.commands.map((c) => c.name());
    return name === undefined
      ? undefined
      : { expected: `a command (${names.join(', ')})`, got: `"${name}"`, fix: similarFix(similar) };
  },
  'commander.missingArgument': (message) => {
    const [, name] = /missing required argument '(.*?)'/.exec(message) ?? [];
    return name === undefined ? undefined : { expected: `<${name}>`, got: 'no argument for it' };
  },
  'commander.optionMissingArgument': (message) => {
    const [, flags] = /option '(.*?)' argument missing/.exec(message) ?? [];
    return flags === undefined ? undefined : { expected: `a value after ${flags}`, got: 'none' };
  },
  'commander.missingMandatoryOptionValue': (message) => {
    const [, flags] = /required option '(.*?)' not specified/.exec(message) ?? [];
    return flags === undefined ? undefined : { expected: `the flag ${flags}`, got: 'none' };
  },
  'commander.excessArguments': (message, command) => {
    const [, expected] = /Expected (\d+ arguments?)/.exec(message) ?? [];
    const got = `${command.args.length}: ${command.args.join(' ')}`;
    return expected === undefined ? undefined : { expected, got };
  },
};

/** What commander finds wrong with a command line, as an error of ours: one line that names what to do. */
export function usageError(error: CommanderError, command: Command): ImagekinError {
  const help = `see ${pathOf(command)} --help`;
  const message = error.message.replace(/^error: /, '');
  const reading = readings[error.code]?.(message, command) ?? {
    expected: 'arguments as its help shows them',
    got: `"${message.replace(/\s*\n\s*/g, ' ')}"`,
  };
  return new ImagekinError('wrong-usage', {
    where: pathOf(command),
    expected: reading.expected,
    got: reading.got,
    fix: reading.fix === undefined ? help : `${reading.fix}, or ${help}`,
  });
}

/** `imagekin data show` */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** commander's guess: `train`, or `one of data, demo`. */
function similarFix(similar: string | undefined): string | undefined {
  return similar && `write ${similar.replace(/^one of /, '').replaceAll(', ', ' or ')}`;
}
