import { type Command, Option } from 'commander';
import { type Device, devices } from '../core/device.js';
import { wholeNumber } from './number-options.js';
import type { CommonFlags } from './session.js';

/** Flags of commands that open sources. */
export interface SourceFlags extends CommonFlags {
  readonly data?: string;
}

/** Flags of commands that run models. */
export interface EngineFlags {
  readonly threads?: number;
  readonly device?: Device;
}

/** More would only be in each other's way, and a slip of the finger could ask for a million. */
const mostThreads = 256;

export function addOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on stdout')
    .option('--quiet', 'no progress and no hints on stderr; errors and skipped files are still listed');
}

/** For a flag that may be repeated: all that it was given. */
export function collected(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

export function addSourceOptions(command: Command): Command {
  return command.option(
    '--data <dir>',
    'where CIFAR-10 lies: the folder with data_batch_1.bin, or one above it (default: $IMAGEKIN_DATA, then $IMAGEKIN_HOME)',
  );
}

export function addEngineOptions(command: Command): Command {
  return command
    .option(
      '--threads <n>',
      'cores to use (default: all)',
      wholeNumber('--threads', { least: 1, most: mostThreads }),
    )
    .addOption(
      new Option(
        '--device <name>',
        'what runs the model (default: cpu; webgpu and cuda are passed to ONNX Runtime untested)',
      ).choices(devices),
    );
}

/** Flags as the use cases take them. */
export function openOptionsOf({ data }: SourceFlags): { readonly dataDir?: string } {
  return data === undefined ? {} : { dataDir: data };
}
