import { open } from 'node:fs/promises';
import type { CatalogModel } from '../../../collection/catalog/vector-table.js';
import type { Collection } from '../../../collection/collection.js';
import { ImagekinError } from '../../../core/errors.js';
import type { BackboneFlags } from '../../../embedding/backbone/backbone-spec.js';

/** The probability that a score means, where the model says so. */
export type ProbabilityOfScore = (score: number) => number;

/** A calibration ends with this key and a checksum. */
const lastKey = 'imagekin.calibrationSha256';
const tailBytes = 512;

/**
 * What the scores of a collection mean, by the calibration of its model; `undefined` where that has none.
 * @param given a file of the same model, which may have been calibrated since
 * @param backbone how that is to be used where it is a model from elsewhere
 * @throws `model-mismatch` where it is another model
 */
export async function scoreMeaning(
  collection: Collection,
  model: CatalogModel,
  given: string | undefined,
  backbone?: BackboneFlags,
): Promise<ProbabilityOfScore | undefined> {
  if (given !== undefined) {
    const { openModel } = await import('../../../embedding/open-model.js');
    const file = await openModel(given, { backbone, ignoresUnused: true });
    if (file.id !== model.id)
      throw new ImagekinError('model-mismatch', {
        where: collection.directory,
        expected: `the model of the collection, ${model.name} (${model.id.slice(0, 12)}), by whose vectors it is searched`,
        got: `another one, ${given} (${file.id.slice(0, 12)})`,
        fix: 'leave out --model',
      });
    if (file.calibration !== undefined) return meaningOf(file.calibration, given);
  }
  const path = collection.modelPath(model);
  if (!(await endsWithCalibration(path))) return undefined;
  const { decodeModel } = await import('../../../embedding/model-file.js');
  const { calibration } = decodeModel(await collection.modelBytes(model), path);
  return calibration === undefined ? undefined : meaningOf(calibration, path);
}

async function meaningOf(calibration: unknown, where: string): Promise<ProbabilityOfScore> {
  const { probabilityOf, readCalibration } = await import('../../../evaluation/calibration/index.js');
  const { map } = readCalibration(calibration, where);
  return (score) => probabilityOf(map, score);
}

/** Whether scores of a model of a collection mean probabilities, by its file there. */
export function isCalibrated(collection: Collection, model: CatalogModel): Promise<boolean> {
  return endsWithCalibration(collection.modelPath(model));
}

/** Found out without reading the file, which may be of hundreds of megabytes; one that is gone has none. */
async function endsWithCalibration(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { size } = await file.stat();
    const length = Math.min(size, tailBytes);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.includes(lastKey);
  } finally {
    await file.close();
  }
}
