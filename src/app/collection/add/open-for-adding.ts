import { Collection, isCollection } from '../../../collection/collection.js';
import { ImagekinError } from '../../../core/errors.js';
import { openModel } from '../../../embedding/open-model.js';
import { requireWritableDirectory } from '../../require-writable.js';
import { modelName } from '../model-name.js';
import type { AddOptions } from './add-options.js';

/**
 * Opens a collection, or makes it where there is none.
 * @throws `wrong-usage` where it must be made and no model is given; `model-mismatch` where it has another one
 */
export async function openForAdding({
  collection: directory,
  model: path,
  backbone,
}: Pick<AddOptions, 'collection' | 'model' | 'backbone'>): Promise<{
  readonly collection: Collection;
  readonly created: boolean;
}> {
  const existing = isCollection(directory) ? Collection.open(directory) : undefined;
  // Of one that another process was stopped in the middle of making, the rest is made here.
  const known = existing?.catalog.models.active();
  if (existing && known) {
    try {
      if (path !== undefined) {
        const model = await openModel(path, { backbone });
        if (model.id !== known.id) throw otherModel(directory, known, { name: path, id: model.id });
      }
      return { collection: existing, created: false };
    } catch (error) {
      existing.close();
      throw error;
    }
  }
  existing?.close();
  if (path === undefined)
    throw new ImagekinError('wrong-usage', {
      where: directory,
      expected: 'a model, as there is no collection yet',
      got: 'none',
      fix: 'name one by --model: a model file, another ONNX file, or the name of a pulled model such as dinov2-small',
    });
  await requireWritableDirectory(directory);
  const { id, dimension, bytes } = await openModel(path, { backbone });
  const collection = await Collection.create(directory, { id, name: modelName(path), dimension, bytes });
  if (collection.model.id === id) return { collection, created: true };
  const made = collection.model;
  collection.close();
  throw otherModel(directory, made, { name: path, id });
}

interface NamedModel {
  readonly name: string;
  readonly id: string;
}

/** With their ids, as two may be called the same: one file used in two ways is two models. */
function otherModel(where: string, known: NamedModel, given: NamedModel): ImagekinError {
  const shown = ({ name, id }: NamedModel) => `${name} (${id.slice(0, 12)})`;
  return new ImagekinError('model-mismatch', {
    where,
    expected: `the model of the collection, ${shown(known)}, by whose vectors it is searched`,
    got: `another one, ${shown(given)}`,
    fix: `leave out --model, or change the model of the whole collection: imagekin reindex ${where} --model ${given.name}`,
  });
}
