import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ImagekinError, messageOf } from '../core/errors.js';
import { imagekinHome } from '../core/home.js';
import { inspectBackbone, onnxProducer } from '../engine/index.js';
import type { BackboneFlags } from './backbone/backbone-spec.js';
import { knownBackbone } from './backbone/known-backbones.js';
import { hasFlags, resolveSpec } from './backbone/resolve-spec.js';
import { wrapBackbone } from './backbone/wrap-backbone.js';
import { decodeModel, type ModelFile } from './model-file.js';

export interface OpenModelOptions {
  /** How a model from elsewhere is to be used, as far as it is not found out. */
  readonly backbone?: BackboneFlags;
  /** Whether that may be said of a model of imagekin, which has no use for it. Default false. */
  readonly ignoresUnused?: boolean;
}

const mostBytes = 2 ** 31 - 1;

/** Where models that were pulled by name lie, ready to be used. */
export function pulledModelsDirectory(): string {
  return join(imagekinHome(), 'models');
}

/** Path of a model that may be named instead: `dinov2-small`, once it was pulled. */
export function modelPath(nameOrPath: string): string {
  if (existsSync(nameOrPath)) return nameOrPath;
  const pulled = join(pulledModelsDirectory(), `${nameOrPath.replaceAll('/', '--')}.onnx`);
  return /^[\w.-]+(\/[\w.-]+)?$/.test(nameOrPath) && existsSync(pulled) ? pulled : nameOrPath;
}

/**
 * Opens a model: a file of imagekin as it is, any other ONNX file wrapped in memory, a name as the model that was pulled by
 * it.
 * @throws `file-not-found`; `model-damaged`; `model-foreign` where it is no ONNX file; `wrong-usage` where it is not known how
 * to use it; `backbone-unsuitable` where it cannot be used
 */
export async function openModel(nameOrPath: string, options: OpenModelOptions = {}): Promise<ModelFile> {
  const { backbone = {}, ignoresUnused = false } = options;
  const path = modelPath(nameOrPath);
  const bytes = await readModel(path);
  const producer = onnxProducer(bytes);
  if (producer === undefined || producer === 'imagekin') {
    const model = decodeModel(bytes, path);
    if (hasFlags(backbone) && !ignoresUnused)
      throw new ImagekinError('wrong-usage', {
        where: path,
        expected: 'a model from elsewhere, where preprocessing is given by flags',
        got: 'a model file of imagekin, which has its own inside',
        fix: 'leave out the flags for preprocessing and outputs',
      });
    return model;
  }
  return { ...decodeModel(await wrapBytes(bytes, path, backbone), path), isWrappedInMemory: true };
}

/** Reads an ONNX file from elsewhere and makes a model file of it. */
export async function wrapFile(path: string, flags: BackboneFlags = {}): Promise<Uint8Array> {
  const bytes = await readModel(path);
  if (onnxProducer(bytes) === 'imagekin')
    throw new ImagekinError('wrong-usage', {
      where: path,
      expected: 'an ONNX model from elsewhere',
      got: 'a model file of imagekin',
      fix: 'use it as it is',
    });
  return wrapBytes(bytes, path, flags);
}

async function wrapBytes(bytes: Uint8Array, path: string, flags: BackboneFlags): Promise<Uint8Array> {
  const facts = inspectBackbone(bytes, { where: path, output: flags.output });
  const spec = await resolveSpec(path, facts, flags);
  return wrapBackbone(bytes, spec, { where: path, directory: dirname(path), source: basename(path) });
}

/** @throws `file-not-found`, `backbone-unsuitable` where it is larger than such files may be */
export async function readModel(path: string): Promise<Uint8Array> {
  try {
    if ((await stat(path)).size > mostBytes)
      throw new ImagekinError('backbone-unsuitable', {
        where: path,
        expected: 'an ONNX file of at most 2 GB',
        got: 'more',
        fix: 'take a smaller model',
      });
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof ImagekinError) throw cause;
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const known = knownBackbone(path);
    throw new ImagekinError('file-not-found', {
      where: path,
      expected: 'a model file',
      got: isMissing ? 'nothing there' : messageOf(cause),
      fix: known
        ? `download it with: imagekin models pull ${known.name}`
        : 'check the path, or make one with: imagekin train <source> -o model.onnx',
      cause,
    });
  }
}
