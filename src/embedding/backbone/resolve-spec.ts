import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ImagekinError, messageOf } from '../../core/errors.js';
import type { BackboneFacts } from '../../engine/index.js';
import type { Size } from '../../image/image.js';
import { defaultResizeRule, type ResizeRule } from '../../image/resize-rule.js';
import type { BackboneFlags, BackboneSpec, Preprocessing } from './backbone-spec.js';
import { type KnownBackbone, knownBackbone, knownBackboneAt } from './known-backbones.js';
import { readPreprocessing } from './preprocessor-config.js';

export const preprocessorConfigName = 'preprocessor_config.json';

/**
 * How a model is to be used: by the flags; else by the `preprocessor_config.json` named there, or beside it, or above it, as
 * models of the hub have it; else by its name, where it is a known one.
 * @throws `wrong-usage` that says what is missing and the flags that give it
 */
export async function resolveSpec(
  path: string,
  facts: BackboneFacts,
  flags: BackboneFlags = {},
  known: KnownBackbone | undefined = knownByPath(path),
): Promise<BackboneSpec> {
  const base = (await writtenPreprocessing(path, flags)) ?? known?.preprocessing;
  const inputSize = flags.inputSize ?? base?.inputSize ?? fixedSize(facts);
  const mean = flags.mean ?? base?.mean;
  const std = flags.std ?? base?.std;
  if (inputSize === undefined || mean === undefined || std === undefined)
    throw missing(path, { inputSize, mean, std });
  const { output, pooling, skipTokens } = flags;
  // What is known of a model's output does not hold for another one.
  const chosen =
    output === undefined
      ? { output: known?.output, pooling: pooling ?? known?.pooling }
      : { output, pooling };
  return dropUndefined({
    inputSize,
    resize: resizeOf(flags, base?.resize),
    rescale: flags.rescale ?? base?.rescale ?? 1 / 255,
    mean,
    std,
    channels: flags.channels ?? base?.channels ?? 'rgb',
    ...chosen,
    skipTokens,
    license: known?.license,
  });
}

/** Whether any of them is given. */
export function hasFlags(flags: BackboneFlags): boolean {
  return Object.values(flags).some((value) => value !== undefined);
}

function fixedSize({ width, height }: BackboneFacts): Size | undefined {
  return width === undefined || height === undefined ? undefined : { width, height };
}

function resizeOf(flags: BackboneFlags, base: ResizeRule = defaultResizeRule): ResizeRule {
  const fit = flags.fit ?? base.fit;
  const filter = flags.filter ?? base.filter;
  // Another fit than that of the file is another rule, of which its shorter side is no part.
  const shorterSide = flags.shorterSide ?? (fit === base.fit ? base.shorterSide : undefined);
  if (flags.shorterSide !== undefined && fit !== 'cover')
    throw new ImagekinError('wrong-usage', {
      where: '--shorter-side',
      expected: '--resize cover beside it',
      got: `--resize ${fit}`,
      fix: 'leave one of them out',
    });
  return { fit, filter, ...(shorterSide !== undefined && { shorterSide }) };
}

/** What a `preprocessor_config.json` says; `undefined` where there is none. */
async function writtenPreprocessing(path: string, flags: BackboneFlags): Promise<Preprocessing | undefined> {
  const beside = [dirname(path), dirname(dirname(path))].map((folder) =>
    join(folder, preprocessorConfigName),
  );
  for (const file of flags.preprocessing === undefined ? beside : [flags.preprocessing]) {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (cause) {
      if (flags.preprocessing === undefined) continue;
      throw new ImagekinError('file-not-found', {
        where: file,
        expected: `a ${preprocessorConfigName}`,
        got: messageOf(cause),
        fix: 'check the path, or give --mean and --std',
        cause,
      });
    }
    return readPreprocessing(parsed(text, file), file, flags);
  }
  return undefined;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ImagekinError('wrong-usage', {
      where: file,
      expected: 'JSON',
      got: messageOf(cause),
      fix: 'download it again, or name another with --preprocessing',
      cause,
    });
  }
}

/** By the name of the file, or of the folder that it or its `onnx` folder lies in. */
function knownByPath(path: string): KnownBackbone | undefined {
  const folders = [dirname(path), dirname(dirname(path))];
  const names = [basename(path).replace(/\.onnx$/i, ''), ...folders.map((folder) => basename(folder))];
  const repositories = folders.map((folder) => `${basename(dirname(folder))}/${basename(folder)}`);
  return (
    names.map(knownBackbone).find((found) => found !== undefined) ??
    repositories.map((repository) => knownBackboneAt(repository)).find((found) => found !== undefined)
  );
}

function missing(
  path: string,
  found: Pick<Partial<BackboneSpec>, 'inputSize' | 'mean' | 'std'>,
): ImagekinError {
  const flags = {
    inputSize: '--input-size 224',
    mean: '--mean 0.485,0.456,0.406',
    std: '--std 0.229,0.224,0.225',
  };
  const wanted = (Object.keys(flags) as (keyof typeof flags)[]).filter((key) => found[key] === undefined);
  return new ImagekinError('wrong-usage', {
    where: path,
    expected: 'a model whose preprocessing is known',
    got: `an ONNX model without a ${preprocessorConfigName} beside it, and no ${wanted.map((key) => flags[key].split(' ')[0]).join(', ')}`,
    fix: `name the file with --preprocessing, or say what the model was trained with, as ${wanted.map((key) => flags[key]).join(' ')}`,
  });
}

function dropUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
