import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ImagekinError, messageOf } from '../../core/errors.js';
import type { EpochRecord, StepsRecord } from '../../learning/training-record.js';
import { bestOf, type ValidationRecord } from '../../learning/validation.js';
import { filesInRun } from './training-files.js';
import { parseLog } from './training-log.js';

/** A run as its folder tells of it. */
export interface Run {
  readonly name: string;
  readonly path: string;
  /** `train.json` */
  readonly config: Readonly<Record<string, unknown>>;
  readonly finished: boolean;
  readonly epochs: readonly EpochRecord[];
  readonly steps: readonly StepsRecord[];
  readonly validations: readonly ValidationRecord[];
}

/** The figures of a run that others are compared with. `null` where there is none. */
export interface RunFigures {
  readonly name: string;
  readonly path: string;
  readonly source: string;
  readonly recipe: string;
  readonly seed: number;
  readonly finished: boolean;
  readonly epochs: number;
  /** Mean loss of the last epoch. */
  readonly loss: number | null;
  readonly metric: string | null;
  readonly bestValue: number | null;
  readonly bestEpoch: number | null;
  readonly lastValue: number | null;
  /** Time in the training loop, without validation. */
  readonly seconds: number;
}

/** @throws `file-not-found` where the folder holds no run */
export async function readRun(path: string): Promise<Run> {
  const { folder, model, log } = filesInRun(path);
  const config = await readFile(folder.config, 'utf8')
    .then((text) => JSON.parse(text) as Readonly<Record<string, unknown>>)
    .catch((cause: unknown) => {
      throw new ImagekinError('file-not-found', {
        where: path,
        expected: 'a run folder, with a train.json',
        got: existsSync(path) ? messageOf(cause) : 'nothing there',
        fix: 'name a folder that was given to imagekin train by --run; "imagekin runs list" shows those of ./runs',
        cause,
      });
    });
  const lines = existsSync(log) ? parseLog(await readFile(log, 'utf8')) : [];
  const ofKind = <Record>(kind: string) =>
    lines.filter((line) => line.kind === kind) as unknown as readonly Record[];
  return {
    name: basename(path),
    path,
    config,
    finished: existsSync(model),
    epochs: ofKind<EpochRecord>('epoch'),
    steps: ofKind<StepsRecord>('steps'),
    validations: ofKind<ValidationRecord>('validation'),
  };
}

/** The runs in a folder, by name. */
export async function runsIn(directory: string): Promise<Run[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw new ImagekinError('file-not-found', {
      where: directory,
      expected: 'a folder with runs in it',
      got: existsSync(directory) ? messageOf(cause) : 'nothing there',
      fix: 'name the folder that was given to imagekin train by --runs-dir',
      cause,
    });
  });
  const paths = entries
    .map(({ name }) => join(directory, name))
    .filter((path) => existsSync(filesInRun(path).folder.config))
    .sort(new Intl.Collator('en', { numeric: true }).compare);
  return Promise.all(paths.map(readRun));
}

export function figuresOfRun({ name, path, config, finished, epochs, validations }: Run): RunFigures {
  const best = bestOf(validations);
  const { source, recipe, seed } = config as {
    readonly source: string;
    readonly recipe: { readonly name: string };
    readonly seed: number;
  };
  return {
    name,
    path,
    source,
    recipe: recipe.name,
    seed,
    finished,
    epochs: epochs.length,
    loss: epochs.at(-1)?.loss ?? null,
    metric: best?.metric ?? null,
    bestValue: best?.value ?? null,
    bestEpoch: best?.epoch ?? null,
    lastValue: validations.at(-1)?.value ?? null,
    seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
