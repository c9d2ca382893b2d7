import { stat } from 'node:fs/promises';
import type { ModelDetails } from '../../../api/index.js';
import type { CatalogModel } from '../../../collection/catalog/vector-table.js';
import { ImagekinError } from '../../../core/errors.js';
import { decodeModel, type ModelFile } from '../../../embedding/model-file.js';
import { resizeWords } from '../../../embedding/resize-words.js';
import { isCalibrated } from '../../collection/search/score-meaning.js';
import type { ServiceContext, ServiceMethod } from '../context.js';
import { kept } from '../kept.js';

type FileDetails = Omit<ModelDetails, 'name' | 'id' | 'dimension' | 'hasFile' | 'calibrated'>;

const nothing: FileDetails = {
  inputSize: null,
  resize: null,
  bytes: null,
  madeBy: null,
  trainedOn: null,
  classes: [],
  metadata: {},
  curve: [],
  validationMetric: null,
};

/** The model whose vectors are searched, and what its file says of what made it. */
export const model: ServiceMethod<Record<string, never>, ModelDetails> = async (context) => {
  const { collection } = context;
  const { model } = collection;
  const { name, id, dimension, hasFile } = model;
  return {
    name,
    id,
    dimension,
    hasFile,
    calibrated: await isCalibrated(collection, model),
    ...(hasFile ? await kept(context, readModelsOf).details(model) : nothing),
  };
};

/** What the file that was read last says: it may be of hundreds of megabytes, and is read whole to know that it is sound. */
class ReadModels {
  #last: { readonly file: string; readonly details: FileDetails } | undefined;

  constructor(private readonly context: ServiceContext) {}

  async details(model: CatalogModel): Promise<FileDetails> {
    const { collection } = this.context;
    // A calibration may be put behind the file that is there.
    const found = await stat(collection.modelPath(model)).catch(() => undefined);
    const file = `${model.id} ${found?.size} ${found?.mtimeMs}`;
    if (this.#last?.file === file) return this.#last.details;
    try {
      const details = detailsOf(decodeModel(await collection.modelBytes(model), model.name));
      this.#last = { file, details };
      return details;
    } catch (error) {
      // Of what is not there, or not sound, `verify` says more.
      if (error instanceof ImagekinError) return nothing;
      throw error;
    }
  }
}

function readModelsOf(context: ServiceContext): ReadModels {
  return new ReadModels(context);
}

function detailsOf({ bytes, inputSize, resize, metadata, packageVersion }: ModelFile): FileDetails {
  const { recipe, seed, data, backbone, training } = metadata;
  const { validation } = training;
  return {
    inputSize: { width: inputSize.width, height: inputSize.height },
    resize: resizeWords(resize),
    bytes: bytes.length,
    madeBy: data === null ? textOf(recipe.source) : textOf(recipe.name),
    trainedOn:
      data === null
        ? null
        : `${data.name}: ${data.images.toLocaleString('en')} images of ${data.classes.length.toLocaleString('en')} classes`,
    classes: [...(data?.classes ?? [])],
    metadata: {
      recipe,
      ...(seed !== null && { seed }),
      ...(data !== null && { fingerprint: data.fingerprint }),
      ...(backbone && { backbone }),
      ...(validation && { validation }),
      packageVersion,
    },
    curve: curveOf(training),
    validationMetric: validation?.metric ?? null,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Of several validations in one epoch the last counts. Files that do not tell all tell the best and the last. */
function curveOf({ lossByEpoch, validation, validations }: ModelFile['metadata']['training']) {
  const told = validations ?? (validation ? [validation.best, validation.last] : []);
  const values = new Map(told.map(({ epoch, value }) => [epoch, value]));
  return lossByEpoch.map((loss, i) => ({ epoch: i + 1, loss, validation: values.get(i + 1) ?? null }));
}
