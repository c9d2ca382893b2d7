import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ImagekinError } from '../core/errors.js';
import { removeLeftovers, writeFileAtomic } from '../core/files.js';
import { classCounts, type LabelledImages } from '../data/labelled-images.js';
import { openImages } from '../data/source.js';
import { selectClasses } from '../data/subset.js';
import {
  decodeModel,
  encodeHead,
  encodeModel,
  type ModelMetadata,
  type ModelValidation,
  readModelFile,
} from '../embedding/model-file.js';
import { trainingPixelSize } from '../learning/batches/training-pixel-size.js';
import { inferenceGraph, type TrainedNetwork } from '../learning/embedding-graph.js';
import { describeRecipe } from '../learning/recipes/recipe.js';
import { type TrainingOutcome, trainEmbedding } from '../learning/train-embedding.js';
import type { EpochRecord, TrainingRecord } from '../learning/training-record.js';
import { bestOf, validationIdentity } from '../learning/validation.js';
import { projectTrained } from './project-trained.js';
import { readyImages } from './ready-images.js';
import { requireWritableDirectory, requireWritableFile } from './require-writable.js';
import { type ResolvedTraining, resolveTraining } from './resolve-training.js';
import { claimRunFolder, RunFolderWriter } from './runs/run-folder-writer.js';
import { everyFile, type TrainingFiles } from './runs/training-files.js';
import { epochsIn, logText } from './runs/training-log.js';
import type { TrainOptions, TrainResult } from './train-options.js';
import { type OpenedValidation, openValidation, validationSummary } from './training-validation.js';

export type { TrainOptions, TrainResult } from './train-options.js';

/**
 * Trains an embedding on a source and writes it as a model file.
 * @throws `wrong-usage` where options or configuration do not say what to train, on what, or where it goes
 */
export async function trainModel(options: TrainOptions): Promise<TrainResult> {
  const { resume = false, onProgress, signal } = options;
  const resolved = await resolveTraining(options);
  const { recipe, seed, threads, device } = resolved;
  if ('runsDir' in resolved.place) await requireWritableDirectory(resolved.place.runsDir);
  else await requireFreePlace(options, resolved.place);
  const opened = await openTrainingImages(resolved, options);
  const files = await claimed(resolved);
  await Promise.all(everyFile(files).map(removeLeftovers));

  const { network } = recipe;
  const { backbone } = resolved;
  const reading = { backbone, home: options.open?.home, threads, device, onProgress, signal };
  // What a backbone makes of images is part of what the run is; pixels need not be read before it is sure to begin.
  const images = backbone ? await readyImages(opened, network.inputSize, reading) : opened;
  const validated =
    resolved.validation &&
    (await openValidation(resolved.validation, {
      ready: (chosen) => readyImages(chosen, network.inputSize, reading),
      trainingImages: images,
      recipe,
      bestCheckpointPath: files.bestCheckpoint,
      threads,
      device,
      open: options.open,
      onProgress,
      signal,
    }));
  const keep = resolved.validation?.keep ?? 'best';
  // Of what a run says of its images nothing depends on the backbone, which is named beside them.
  const about = { resolved, images: opened, files };

  if (resume && existsSync(files.model) && (files.folder || !existsSync(files.checkpoint))) {
    const { id, metadata } = await requireSameRun(files.model, about, validated, keep);
    const { lossByEpoch, validation } = metadata.training;
    const log = existsSync(files.log) ? await readFile(files.log, 'utf8') : '';
    const epochs = epochsIn(log, lossByEpoch);
    return resultOf(about, epochs, {
      finished: true,
      alreadyFinished: true,
      stoppedEarly: lossByEpoch.length < recipe.epochs,
      modelId: id,
      validation,
    });
  }
  if (options.overwrite && files.folder)
    await Promise.all(everyFile(files).map((path) => rm(path, { force: true })));

  const folder = files.folder && new RunFolderWriter(files.folder);
  const writeLog = (record: TrainingRecord) => {
    const { batchesPerEpoch } = recipe;
    return writeFileAtomic(files.log, logText(record, { batchesPerEpoch, withSteps: folder !== undefined }));
  };
  const outcome = await trainEmbedding({
    recipe,
    images: backbone
      ? images
      : await readyImages(images, trainingPixelSize(recipe, images.nativeSize), reading),
    seed,
    checkpointPath: files.checkpoint,
    resume,
    validation: validated?.validation,
    threads,
    device,
    onProgress,
    onStep: options.onStep,
    signal,
    onStart: () => folder?.begin({ resolved, images: opened, validation: validated?.images }),
    async onEpoch(record) {
      await writeLog(record);
      options.onEpoch?.(record.epochs.at(-1)!, recipe.epochs);
      await folder?.drawCurves(record, 'now and then');
    },
    async onValidation(record) {
      await writeLog(record);
      const last = record.validations.at(-1)!;
      options.onValidation?.(last, bestOf(record.validations) === last);
    },
  });
  // An earlier sitting may have been killed between its last checkpoint and the line in the log.
  await writeLog(outcome.record);
  await folder?.drawCurves(outcome.record, 'surely');

  const validation = validated && validationSummary(validated, outcome.record.validations, keep);
  const { finished, stoppedEarly } = outcome;
  const ended = { finished, alreadyFinished: false, stoppedEarly, validation };
  if (!finished) {
    const result = resultOf(about, outcome.record.epochs, { ...ended, modelId: null });
    await folder?.writeResult(result);
    return result;
  }
  const metadata = metadataOf(about, outcome, validation);
  const encoded = async (network: TrainedNetwork, kept: 'best' | 'last') => {
    const projected = await projectTrained(network, recipe, images, { threads, device, onProgress });
    return backbone
      ? encodeHead(inferenceGraph(projected), backbone.model, metadata(kept))
      : encodeModel(inferenceGraph(projected), metadata(kept));
  };
  const { best, trained } = outcome;
  const bytes = best && keep === 'best' ? await encoded(best, 'best') : await encoded(trained, 'last');
  const result = resultOf(about, outcome.record.epochs, {
    ...ended,
    modelId: decodeModel(bytes, files.model).id,
  });
  if (files.folder && best) {
    if (keep === 'best') await writeFileAtomic(files.folder.last, await encoded(trained, 'last'));
    else await writeFileAtomic(files.folder.best, await encoded(best, 'best'));
  }
  await folder?.writeResult(result);
  // Last of all: where there is a model, everything else is there as well.
  await writeFileAtomic(files.model, bytes);
  if (!folder)
    await Promise.all([files.checkpoint, files.bestCheckpoint].map((path) => rm(path, { force: true })));
  return result;
}

/** What a run is about: for its result and its model. */
interface About {
  readonly resolved: ResolvedTraining;
  readonly images: LabelledImages;
  readonly files: TrainingFiles;
}

interface Ended extends Pick<TrainResult, 'finished' | 'alreadyFinished' | 'stoppedEarly' | 'modelId'> {
  readonly validation: ModelValidation | undefined;
}

function resultOf(
  { resolved: { recipe, seed }, images, files }: About,
  epochs: readonly EpochRecord[],
  { finished, alreadyFinished, stoppedEarly, modelId, validation }: Ended,
): TrainResult {
  const seconds = epochs.reduce((total, epoch) => total + epoch.seconds, 0);
  const { batchSize } = recipe.sampler.prepare(images, seed);
  const { settings: _, ...validationResult } = validation ?? { settings: undefined };
  return {
    finished,
    alreadyFinished,
    stoppedEarly,
    model: files.model,
    modelId,
    run: files.folder?.path ?? null,
    source: images.name,
    recipe: recipe.name,
    seed,
    images: images.length,
    classes: images.classNames.length,
    loss: epochs.at(-1)?.loss ?? null,
    lossByEpoch: epochs.map((epoch) => epoch.loss),
    validation: validation ? (validationResult as Omit<ModelValidation, 'settings'>) : null,
    seconds,
    imagesPerSecond: seconds > 0 ? (epochs.length * recipe.batchesPerEpoch * batchSize) / seconds : 0,
    log: files.log,
    checkpoint: files.checkpoint,
    skipped: images.skipped,
  };
}

function metadataOf(
  { resolved: { recipe, seed }, images }: About,
  { record }: TrainingOutcome,
  validation: ModelValidation | undefined,
) {
  return (kept: 'best' | 'last'): ModelMetadata => ({
    recipe: describeRecipe(recipe),
    seed,
    data: {
      // Without the way to it, which says nothing of the data and something of the machine.
      name: basename(images.name),
      fingerprint: images.fingerprint,
      images: images.length,
      classes: images.classNames,
    },
    training: {
      lossByEpoch: record.epochs.map((epoch) => epoch.loss),
      ...(validation && {
        validation: { ...validation, kept },
        validations: record.validations.map(({ value, epoch, step }) => ({ value, epoch, step })),
      }),
    },
  });
}

async function openTrainingImages(
  { source, skipLoneClasses }: ResolvedTraining,
  { open, onProgress, signal }: TrainOptions,
) {
  const images = await openImages(source, { ...open, split: 'train', onProgress, signal });
  if (!skipLoneClasses) return images;
  const counts = classCounts(images);
  const kept = [...counts.keys()].filter((c) => counts[c]! > 1);
  return kept.length === counts.length ? images : selectClasses(images, kept, images.name);
}

/** Where the run goes, which by now is sure to begin. */
function claimed({ place, source, recipe }: ResolvedTraining): Promise<TrainingFiles> | TrainingFiles {
  return 'runsDir' in place ? claimRunFolder(place.runsDir, source, recipe.name) : place;
}

/** @throws `wrong-usage` where a run lies there that one has not said what to do with */
async function requireFreePlace({ resume, overwrite }: TrainOptions, files: TrainingFiles): Promise<void> {
  const { model, checkpoint, folder } = files;
  await requireWritableFile(model);
  if (resume || overwrite) return;
  if (folder && existsSync(model)) {
    throw new ImagekinError('wrong-usage', {
      where: folder.path,
      expected: 'a folder without a run',
      got: 'one with a finished run',
      fix: 'name another folder, or replace the run by --overwrite',
    });
  }
  if (!existsSync(checkpoint)) return;
  throw new ImagekinError('wrong-usage', {
    where: folder?.path ?? model,
    expected: 'no unfinished run',
    got: `one in ${checkpoint}`,
    fix: 'go on with it by --resume, or start anew by --overwrite',
  });
}

async function requireSameRun(
  model: string,
  { resolved: { recipe, seed, backbone }, images }: Pick<About, 'resolved' | 'images'>,
  validated: OpenedValidation | undefined,
  keep: 'best' | 'last',
) {
  const file = await readModelFile(model);
  const { metadata } = file;
  const asWritten = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const { validation } = metadata.training;
  const sameValidation = validated
    ? isDeepStrictEqual(validation?.settings, asWritten(validationIdentity(validated.validation))) &&
      validation?.kept === keep
    : validation === undefined;
  const same =
    isDeepStrictEqual(metadata.recipe, asWritten(describeRecipe(recipe))) &&
    metadata.seed === seed &&
    metadata.data?.fingerprint === images.fingerprint &&
    metadata.backbone?.id === backbone?.model.id &&
    sameValidation;
  if (same) return file;
  throw new ImagekinError('checkpoint-mismatch', {
    where: model,
    expected: 'the finished model of this recipe, data and seed, or an unfinished run',
    got: 'a model made otherwise',
    fix: 'name another place, or leave out --resume to replace it',
  });
}
