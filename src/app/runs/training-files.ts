import { join } from 'node:path';

/** Where the files of a training run lie. */
export interface TrainingFiles {
  readonly model: string;
  readonly log: string;
  readonly checkpoint: string;
  /** The run as it was at its best validation. */
  readonly bestCheckpoint: string;
  /** Where all of a run is kept together. */
  readonly folder?: RunFolder;
}

/** What else a run folder holds. */
export interface RunFolder {
  readonly path: string;
  /** The whole description of the run. */
  readonly config: string;
  /** What it was trained on. */
  readonly data: string;
  /** What it ran on, sitting by sitting. */
  readonly environment: string;
  readonly curves: string;
  /** What came of it, as `imagekin train --json` prints it. */
  readonly result: string;
  /** The models of the best validation and of the last step; the one of them that `model` is not. */
  readonly best: string;
  readonly last: string;
}

/** The files of a run of which the model is wanted: the others stand beside it. */
export function filesBeside(model: string): TrainingFiles {
  return {
    model,
    log: `${model.replace(/\.onnx$/, '')}.log.jsonl`,
    checkpoint: `${model}.checkpoint`,
    bestCheckpoint: `${model}.best.checkpoint`,
  };
}

/** The files of a run that has a folder of its own. */
export function filesInRun(path: string): TrainingFiles & { readonly folder: RunFolder } {
  const inside = (...names: string[]) => join(path, ...names);
  return {
    model: inside('model.onnx'),
    log: inside('log.jsonl'),
    checkpoint: inside('checkpoints', 'last.checkpoint'),
    bestCheckpoint: inside('checkpoints', 'best.checkpoint'),
    folder: {
      path,
      config: inside('train.json'),
      data: inside('data.json'),
      environment: inside('environment.json'),
      curves: inside('curves.png'),
      result: inside('result.json'),
      best: inside('best.onnx'),
      last: inside('last.onnx'),
    },
  };
}

/** All paths that a run may have written. */
export function everyFile({ folder, model, log, checkpoint, bestCheckpoint }: TrainingFiles): string[] {
  const { path: _, ...inFolder } = folder ?? { path: '' };
  return [model, log, checkpoint, bestCheckpoint, ...Object.values(inFolder)];
}
