import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type KnownBackbone, knownBackbones } from '../embedding/backbone/known-backbones.js';
import { pulledModelsDirectory } from '../embedding/open-model.js';
import { resizeWords } from '../embedding/resize-words.js';
import type { Size } from '../image/image.js';

/** A model that can be pulled by name. */
export interface ListedModel
  extends Pick<KnownBackbone, 'name' | 'title' | 'license' | 'repository' | 'file' | 'dimension'> {
  /** Of the download, about. */
  readonly bytes: number;
  readonly inputSize: Size;
  /** How images are brought to that size. */
  readonly resize: string;
  /** Path of its model file; `null` where it has not been pulled. */
  readonly model: string | null;
}

export interface ModelList {
  /** Where pulled models are. */
  readonly directory: string;
  readonly models: readonly ListedModel[];
}

/** The models that are known by name, and which of them are here. */
export function listModels(): ModelList {
  const directory = pulledModelsDirectory();
  const models = knownBackbones.map(
    ({ name, title, license, repository, file, bytes, dimension, preprocessing }) => {
      const model = join(directory, `${name}.onnx`);
      return {
        name,
        title,
        license,
        bytes,
        dimension,
        inputSize: preprocessing.inputSize,
        resize: resizeWords(preprocessing.resize),
        repository,
        file,
        model: existsSync(model) ? model : null,
      };
    },
  );
  return { directory, models };
}
