import { type Command, Option } from 'commander';
import { type BackboneFlags, type PerColour, poolings } from '../app/backbone-flags.js';
import { ImagekinError } from '../core/errors.js';
import { positiveNumber, wholeNumber } from './number-options.js';

/** Flags of commands that take models from elsewhere, as commander reads them. */
export interface BackboneOptionFlags {
  readonly preprocessing?: string;
  readonly inputSize?: { readonly width: number; readonly height: number };
  readonly mean?: PerColour;
  readonly std?: PerColour;
  readonly rescale?: number;
  readonly resize?: 'cover' | 'contain' | 'stretch';
  readonly filter?: (typeof resizeFilters)[number];
  readonly shorterSide?: number;
  readonly channels?: 'rgb' | 'bgr';
  readonly output?: string;
  readonly pooling?: BackboneFlags['pooling'];
  readonly skipTokens?: number;
}

const group = 'Options for an ONNX model from elsewhere:';
const mostPixels = 4096;

/** The kernels of resizing. */
export const resizeFilters = ['bilinear', 'bicubic', 'lanczos'] as const;

export interface BackboneOptionsSettings {
  /** Left out where the command has a flag --filter of its own, which must then take these values too. Default true. */
  readonly filter?: boolean;
}

/** Adds the flags that say how a model from elsewhere is to be used. */
export function addBackboneOptions(
  command: Command,
  { filter = true }: BackboneOptionsSettings = {},
): Command {
  const add = (flags: string, description: string) => new Option(flags, description).helpGroup(group);
  if (filter)
    command.addOption(
      add('--filter <name>', 'the kernel of resizing (default: bilinear)').choices(resizeFilters),
    );
  return command
    .addOption(
      add(
        '--preprocessing <file>',
        'its preprocessor_config.json (default: the one beside it or above it, then what is known of its name)',
      ),
    )
    .addOption(
      add('--input-size <n>', 'pixels of its images: 224, or 320x240 for width × height').argParser(
        inputSize,
      ),
    )
    .addOption(
      add('--mean <r,g,b>', 'what is taken from values, after --rescale: 0.485,0.456,0.406').argParser(
        perColour('--mean'),
      ),
    )
    .addOption(
      add('--std <r,g,b>', 'what they are then divided by: 0.229,0.224,0.225').argParser(perColour('--std')),
    )
    .addOption(add('--rescale <factor>', 'what bytes are multiplied with (default: 1/255)').argParser(factor))
    .addOption(
      add('--resize <fit>', 'how images are brought to its size (default: cover)').choices([
        'cover',
        'contain',
        'stretch',
      ]),
    )
    .addOption(
      add(
        '--shorter-side <n>',
        'with cover: scale the shorter side to this before the centre is cropped',
      ).argParser(wholeNumber('--shorter-side', { least: 1, most: mostPixels })),
    )
    .addOption(add('--channels <order>', 'its order of colours (default: rgb)').choices(['rgb', 'bgr']))
    .addOption(
      add(
        '--output <name>',
        'the output or inner value that vectors are made of; "penultimate" is what goes into a classifier',
      ),
    )
    .addOption(
      add('--pooling <how>', 'how: pooled, cls, mean of tokens, map-mean (default: by its shape)').choices(
        poolings,
      ),
    )
    .addOption(
      add(
        '--skip-tokens <n>',
        'with mean: tokens at the beginning that are no patches (default: 0)',
      ).argParser(wholeNumber('--skip-tokens', { least: 0, most: 1000 })),
    );
}

/** The flags as the use cases take them; `undefined` where none is given. */
export function backboneOptionsOf(flags: BackboneOptionFlags): BackboneFlags | undefined {
  const { preprocessing, mean, std, rescale, resize: fit, filter, shorterSide } = flags;
  const { inputSize: size, channels, output, pooling, skipTokens } = flags;
  const given = Object.entries({
    preprocessing,
    inputSize: size,
    mean,
    std,
    rescale,
    fit,
    filter,
    shorterSide,
    channels,
    output,
    pooling,
    skipTokens,
  }).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : (Object.fromEntries(given) as BackboneFlags);
}

function inputSize(text: string): { readonly width: number; readonly height: number } {
  const [, width, height = width] = /^(\d+)(?:[x×](\d+))?$/.exec(text) ?? [];
  const size = { width: Number(width), height: Number(height) };
  if (Object.values(size).every((side) => side >= 1 && side <= mostPixels)) return size;
  throw wrong('--input-size', `pixels from 1 to ${mostPixels}, as 224 or 320x240`, text, '224');
}

/** One number is for all three colours. */
function perColour(flag: '--mean' | '--std'): (text: string) => PerColour {
  return (text) => {
    const parts = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
    const values = parts.length === 1 ? [parts[0]!, parts[0]!, parts[0]!] : parts;
    const isUsable = (value: number) => Number.isFinite(value) && (flag === '--mean' || value > 0);
    if (values.length === 3 && values.every(isUsable)) return values as unknown as PerColour;
    const kind = flag === '--mean' ? 'numbers' : 'numbers above 0';
    throw wrong(flag, `three ${kind} for red, green and blue, with commas between`, text, '0.5,0.5,0.5');
  };
}

/** A number, or a fraction as it is usually written. */
function factor(text: string): number {
  const [, one, other] = /^\s*([\d.]+)\s*\/\s*([\d.]+)\s*$/.exec(text) ?? [];
  return positiveNumber('--rescale', '1/255')(one === undefined ? text : String(Number(one) / Number(other)));
}

function wrong(flag: string, expected: string, text: string, example: string): ImagekinError {
  return new ImagekinError('wrong-usage', {
    where: flag,
    expected,
    got: `"${text}"`,
    fix: `write for example ${flag} ${example}`,
  });
}
