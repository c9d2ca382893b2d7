import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeFileAtomic } from '../../core/files.js';
import { classCounts, type LabelledImages } from '../../data/labelled-images.js';
import { parseSourceSpec } from '../../data/source.js';
import type { TrainingRecord } from '../../learning/training-record.js';
import { configOfResolved, type ResolvedTraining } from '../resolve-training.js';
import type { TrainResult } from '../train-options.js';
import { currentEnvironment, type Environment } from './environment.js';
import { drawCurves } from './run-curves.js';
import { filesInRun, type RunFolder, type TrainingFiles } from './training-files.js';

/** A new folder among others: `runs/shoes-fast-2`. */
export async function claimRunFolder(
  runsDir: string,
  source: string,
  recipe: string,
): Promise<TrainingFiles> {
  await mkdir(runsDir, { recursive: true });
  const stem = `${basename(parseSourceSpec(source).name)}-${recipe}`.replace(/[^\w.-]+/g, '-');
  for (let number = 1; ; number++) {
    const path = join(runsDir, `${stem}-${number}`);
    try {
      // Making it is claiming it: of two runs that begin at once, one gets the next number.
      await mkdir(path);
      return filesInRun(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** What a run was trained on, as `data.json` holds it. */
export interface DataDescription {
  readonly name: string;
  /** SHA-256 over what makes the set what it is. */
  readonly fingerprint: string;
  readonly images: number;
  readonly classes: readonly { readonly name: string; readonly images: number }[];
}

/** Drawing takes a moment, which short epochs should not spend on pictures nobody has time to look at. */
const curvesIntervalMs = 30_000;

/** Writes what a run folder holds beside the files that every run has. Each file is whole at any moment. */
export class RunFolderWriter {
  #curvesAtMs = performance.now();

  constructor(private readonly folder: RunFolder) {}

  /** What is known before the first step; of a run that is gone on with, what this sitting adds. */
  async begin({
    resolved,
    images,
    validation,
  }: {
    readonly resolved: ResolvedTraining;
    readonly images: LabelledImages;
    readonly validation: LabelledImages | undefined;
  }): Promise<void> {
    const { config, data, environment } = this.folder;
    if (!existsSync(config)) await writeJson(config, configOfResolved(resolved));
    if (!existsSync(data)) {
      const described = {
        training: describeData(images),
        validation: validation ? describeData(validation) : null,
      };
      await writeJson(data, described);
    }
    const sittings = existsSync(environment)
      ? (JSON.parse(await readFile(environment, 'utf8')) as Environment[])
      : [];
    await writeJson(environment, [...sittings, await currentEnvironment(resolved)]);
  }

  async drawCurves(record: TrainingRecord, when: 'now and then' | 'surely'): Promise<void> {
    if (record.steps.length === 0) return;
    if (when === 'now and then' && performance.now() - this.#curvesAtMs < curvesIntervalMs) return;
    await writeFileAtomic(this.folder.curves, drawCurves(record, basename(this.folder.path)));
    this.#curvesAtMs = performance.now();
  }

  async writeResult(result: TrainResult): Promise<void> {
    await writeJson(this.folder.result, result);
  }
}

function describeData(images: LabelledImages): DataDescription {
  const counts = classCounts(images);
  return {
    name: images.name,
    fingerprint: images.fingerprint,
    images: images.length,
    classes: images.classNames.map((name, c) => ({ name, images: counts[c]! })),
  };
}

function writeJson(path: string, value: unknown): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}
