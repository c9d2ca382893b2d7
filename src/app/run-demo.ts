import { join } from 'node:path';
import type { Device } from '../core/device.js';
import { type ErrorCode, ImagekinError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import type { OnProgress } from '../core/progress.js';
import { Random } from '../core/random.js';
import type { OpenOptions } from '../data/open-options.js';
import { openImages } from '../data/source.js';
import { encodePng } from '../image/encode.js';
import type { EpochRecord } from '../learning/training-record.js';
import { writeReport } from '../report/html-report.js';
import type { ReportSection } from '../report/report.js';
import type { DemoSource } from './demo-source.js';
import {
  attributionsOf,
  evaluationSections,
  keyFigures,
  modelFacts,
  trainingSection,
} from './evaluation-report.js';
import { lookSection } from './look-section.js';
import { type EvaluateResult, measureModel } from './measure-model.js';
import { requireWritableDirectory } from './require-writable.js';
import { type SearchResult, search } from './search-images.js';
import { imagesAt } from './thumbnails.js';
import { type TrainOptions, type TrainResult, trainModel } from './train-model.js';

export interface DemoOptions {
  /** Default: `cifar10` where it is present or its download starts within 10 s, else `emoji`. */
  readonly source?: DemoSource;
  /** Directory for the model and the report. */
  readonly out: string;
  readonly seed?: number;
  /** In the place of the recipe's own: for a walk that is only to be tried out. */
  readonly epochs?: number;
  readonly batchesPerEpoch?: number;
  readonly threads?: number;
  /** What runs the model. Default: `cpu`, the only one that has been tried. */
  readonly device?: Device;
  readonly open?: OpenOptions;
  readonly command?: string;
  /** Told when a part of the walk begins, and of what is decided on the way. */
  readonly onStep?: (message: string) => void;
  readonly onProgress?: OnProgress;
  readonly onEpoch?: (epoch: EpochRecord, epochs: number) => void;
  readonly signal?: AbortSignal;
}

export interface DemoResult {
  readonly source: string;
  readonly train: TrainResult;
  /** `null` where the walk was stopped before. */
  readonly evaluation: EvaluateResult | null;
  readonly search: SearchResult | null;
  /** Path of the page. */
  readonly report: string | null;
  readonly seconds: number;
}

const downloadStartTimeoutMs = 10_000;

/** The whole walk: look at a data set, train, test, search; one page at the end. A stopped walk goes on when run again. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const {
    out,
    seed = 0,
    onStep,
    onProgress,
    onEpoch,
    signal,
    threads,
    device,
    command = 'imagekin demo',
  } = options;
  const startedAt = performance.now();
  const open = { ...options.open, onProgress, signal };
  await requireWritableDirectory(out);
  const source = options.source ?? (await chooseSource(open, onStep));
  const directory = join(out, 'report');

  onStep?.(`Looking at ${source}`);
  const trainingImages = await openImages(source, { ...open, split: 'train' });
  const look = await lookSection(trainingImages, seed);

  onStep?.('Training an embedding');
  const model = join(out, `${source}.onnx`);
  const train = await trainOrResume({
    source,
    out: model,
    seed,
    epochs: options.epochs,
    batchesPerEpoch: options.batchesPerEpoch,
    threads,
    device,
    open,
    onProgress,
    onEpoch,
    signal,
  });
  if (train.alreadyFinished) onStep?.('An earlier walk has done so: its model is taken');
  const seconds = () => (performance.now() - startedAt) / 1000;
  if (!train.finished)
    return { source, train, evaluation: null, search: null, report: null, seconds: seconds() };

  onStep?.('Testing it by near neighbours');
  const measured = await measureModel({
    model,
    source,
    baseline: true,
    threads,
    device,
    open,
    onProgress,
    signal,
  });

  onStep?.('Searching with it');
  const found = await searchSection(options, model, measured.images.name);
  const [neighbours, ...otherSections] = await evaluationSections(measured);

  const { page } = await writeReport(directory, {
    title: `imagekin on ${source}`,
    lead: leadOf(train, measured.result),
    keyFigures: keyFigures(measured.result),
    sections: [neighbours!, found.section, look, trainingSection(train.lossByEpoch), ...otherSections],
    facts: [...modelFacts(measured), { term: 'time', value: `${Math.round(train.seconds)} s of training` }],
    command,
    attributions: await attributionsOf(measured.images),
    madeAt: new Date(),
  });
  return {
    source,
    train,
    evaluation: measured.result,
    search: found.result,
    report: page,
    seconds: seconds(),
  };
}

/** Goes on with the run of an earlier walk if it is the same run, and otherwise replaces it. */
async function trainOrResume(options: TrainOptions): Promise<TrainResult> {
  try {
    return await trainModel({ ...options, resume: true });
  } catch (error) {
    if (!(error instanceof ImagekinError) || !isOfAnotherRun(error)) throw error;
    return trainModel({ ...options, overwrite: true });
  }
}

function isOfAnotherRun({ code }: ImagekinError): boolean {
  return (
    code === 'checkpoint-mismatch' ||
    code === 'checkpoint-damaged' ||
    code === 'model-foreign' ||
    code === 'model-damaged'
  );
}

/** What a machine without a way to the archive, or with a portal in the way, answers with. */
const cannotBeHad: ReadonlySet<ErrorCode> = new Set([
  'download-failed',
  'checksum-mismatch',
  'source-missing',
  'file-not-writable',
]);

async function chooseSource(open: OpenOptions, onStep: DemoOptions['onStep']): Promise<DemoSource> {
  try {
    await openImages('cifar10:test', { ...open, startTimeoutMs: downloadStartTimeoutMs });
    return 'cifar10';
  } catch (error) {
    if (!(error instanceof ImagekinError) || !cannotBeHad.has(error.code)) throw error;
    onStep?.('CIFAR-10 is not here and its download does not start, so the demo takes emoji instead');
    return 'emoji';
  }
}

function leadOf(train: TrainResult, { evaluation, baseline }: EvaluateResult): string {
  const unseen = train.source.startsWith('emoji')
    ? ' of kinds never seen in training'
    : ' never seen in training';
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  const floor = baseline ? `, against ${percent(baseline.precisionAt1)} for raw pixels` : '';
  return (
    `After ${Math.round(train.seconds)} seconds of training on ${train.images.toLocaleString('en')} images, the nearest ` +
    `neighbour of an image${unseen} is of the right class in ${percent(evaluation.precisionAt1)} of cases${floor}.`
  );
}

const searchQueries = 3;

/** A search by image files, as a user would do it: some test images are written out and looked for. */
async function searchSection(
  { out, seed = 0, threads, device, open, signal, onProgress }: DemoOptions,
  model: string,
  galleryName: string,
): Promise<{ section: ReportSection; result: SearchResult }> {
  const gallery = await openImages(galleryName, { ...open, onProgress, signal });
  const chosen = Random.of(seed, 'demo', 'queries').sample(searchQueries, gallery.length);
  const files: string[] = [];
  for (const [i, picture] of (await imagesAt(gallery, chosen)).entries()) {
    const path = join(out, 'queries', `query-${i + 1}.png`);
    await writeFileAtomic(path, await encodePng(picture));
    files.push(path);
  }
  const { result, draw } = await search({
    gallery: galleryName,
    images: files,
    model,
    threads,
    device,
    open,
    onProgress,
    signal,
  });
  return {
    result,
    section: {
      title: 'Search',
      text: `Image files, looked for among ${result.searched.toLocaleString('en')} images of ${galleryName}. Each is found itself first, then its kin.`,
      blocks: [{ kind: 'figure', figure: await draw(), file: 'search.png' }],
    },
  };
}
