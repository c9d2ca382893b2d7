import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Collection } from '../../../collection/collection.js';
import { ImagekinError } from '../../../core/errors.js';
import { decodeModel } from '../../../embedding/model-file.js';
import type { Found } from './finding.js';

/** Whether the models that made the vectors are there, and are what they were. */
export async function checkModels(collection: Collection): Promise<Found[]> {
  const found: Found[] = [];
  for (const model of collection.catalog.models.all()) {
    if (!model.hasFile) continue;
    const path = collection.modelPath(model);
    const about = { count: 1, examples: [`${path} (${model.name})`] };
    if (!existsSync(path)) found.push({ kind: 'model-missing', ...about });
    else if (!(await isModel(path, model.id))) found.push({ kind: 'model-damaged', ...about });
  }
  return found;
}

async function isModel(path: string, id: string): Promise<boolean> {
  try {
    return decodeModel(await readFile(path), path).id === id;
  } catch (error) {
    if (error instanceof ImagekinError) return false;
    throw error;
  }
}
