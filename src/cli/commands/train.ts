import { type Command, Option } from 'commander';
import type { TrainOptions, TrainResult } from '../../app/train-options.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { ImagekinError } from '../../core/errors.js';
import { addBackboneOptions, type BackboneOptionFlags, backboneOptionsOf } from '../backbone-options.js';
import {
  addEngineOptions,
  addOutputOptions,
  addSourceOptions,
  type EngineFlags,
  openOptionsOf,
  type SourceFlags,
} from '../common-options.js';
import { positiveNumber, wholeNumber } from '../number-options.js';
import { formatCount, formatDuration, formatRate } from '../quantities.js';
import type { Outcome, Perform, Session } from '../session.js';
import { stoppedRun } from '../stopped-run.js';
import { textFacts } from '../text-table.js';
import { programCall, typedCommand } from '../typed-command.js';

interface TrainFlags extends SourceFlags, EngineFlags, BackboneOptionFlags {
  readonly backbone?: string;
  readonly config?: string;
  readonly out?: string;
  readonly run?: string;
  readonly runsDir?: string;
  readonly recipe?: string;
  readonly seed?: number;
  readonly epochs?: number;
  readonly batches?: number;
  readonly imageSize?: number;
  readonly learningRate?: number;
  readonly validate?: string;
  readonly validateEvery?: ValidationCadence;
  readonly validateImages?: number;
  readonly metric?: string;
  readonly patience?: number;
  readonly minDelta?: number;
  readonly keep?: 'best' | 'last';
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly skipLoneClasses?: boolean;
}

const more = `
Recipes:
  keras-example  the Keras metric-learning example on 32×32 images: small, fast,
                 the reference
  fast           photographs, the best that 3 minutes of training on 2 cores
                 give
  accurate       photographs, the best that an hour of training on 2 cores gives
  emoji          many classes with a few drawings each, found again among
                 classes never seen
  head           a projection of the embeddings of another model (--backbone),
                 trained in seconds

With --out a log (one line of JSON per epoch) stands beside the model and, until
the run is done, a checkpoint. A run folder holds these, curves, the whole
configuration, and what the run ran on; "imagekin runs compare" reads it.
Ctrl-C stops after the step under way; --resume then goes on as if the run had
never stopped.

A configuration (JSON) may say all of it: source, recipe with any of its parts
replaced, validation, seed. Flags go before it. Its schema is in the package:
schema/train.schema.json.

Examples:
  imagekin train cifar10 -o cifar10.onnx
  imagekin train ./shoes -o shoes.onnx --epochs 5   # ./shoes/boot/1.jpg, ...
  imagekin train ./shoes -o shoes.onnx --resume
  imagekin train ./shoes -o shoes.onnx --backbone mobilenet.onnx
  imagekin train ./shoes --runs-dir runs --validate ./shoes:test --patience 3
  imagekin train --config train.json --run runs/shoes-1
  imagekin train --run runs/shoes-1 --resume`;

export function addTrainCommand(program: Command, perform: Perform): void {
  const command = program
    .command('train')
    .summary('train an embedding on images with labels')
    .description(
      'Trains an embedding on images with labels, and writes it as a model file that any ONNX runtime can run.',
    )
    .argument('[source]', 'cifar10, emoji, or a folder with one folder of images per class')
    .option('--config <file>', 'a description of the run, as train.json')
    .option('-o, --out <file>', 'where the model goes, as model.onnx')
    .option('--run <dir>', 'or a folder for all that the run leaves, as runs/shoes-1')
    .option('--runs-dir <dir>', 'or a folder in which it gets a new folder of its own')
    .option('--backbone <model>', 'train a head on the embeddings of this model, which stays as it is')
    .option('--recipe <name>', 'one of those below (default: the one that suits the source)')
    .option('--seed <n>', 'equal seeds give equal models (default: 0)', wholeNumber('--seed', { least: 0 }))
    .option('--epochs <n>', 'instead of what the recipe says', wholeNumber('--epochs', { least: 1 }))
    .option('--batches <n>', 'batches in an epoch, likewise', wholeNumber('--batches', { least: 1 }))
    .option(
      '--image-size <pixels>',
      'side of the images as the network sees them, such as 64 (default: 32)',
      wholeNumber('--image-size', { least: 16 }),
    )
    .option(
      '--learning-rate <rate>',
      'a constant learning rate instead of the schedule of the recipe',
      positiveNumber('--learning-rate', '0.001'),
    )
    .option('--validate <source>', 'measure the model while it is trained, on its test images')
    .option('--metric <name>', 'what is measured: precisionAt1, recallAt5, ... (default: mapAtR)')
    .option(
      '--validate-every <n>',
      'epochs from one validation to the next, or steps as 500steps (default: 1)',
      cadence,
    )
    .option(
      '--validate-images <n>',
      'about how many images (default: all)',
      wholeNumber('--validate-images', { least: 1 }),
    )
    .option(
      '--patience <n>',
      'stop after so many validations without an improvement',
      wholeNumber('--patience', { least: 1 }),
    )
    .option(
      '--min-delta <value>',
      'least improvement that counts (default: any)',
      positiveNumber('--min-delta', '0.001'),
    )
    .addOption(
      new Option('--keep <which>', 'weights that the model gets (default: best)').choices(['best', 'last']),
    )
    .option('--resume', 'go on with an unfinished run')
    .option('--overwrite', 'start anew where a run lies')
    .option('--skip-lone-classes', 'leave out classes that have a single image');
  addEngineOptions(addSourceOptions(command));
  addOutputOptions(addBackboneOptions(command))
    .addHelpText('after', more)
    .action((source: string | undefined, flags: TrainFlags) =>
      perform(flags, (session) => train(source, flags, session)),
    );
}

async function train(source: string | undefined, flags: TrainFlags, session: Session): Promise<Outcome> {
  const result = await runInWorker('train', {
    config: flags.config,
    source,
    out: flags.out,
    run: flags.run,
    runsDir: flags.runsDir,
    recipe: flags.recipe,
    backbone: backboneOf(flags),
    seed: flags.seed,
    epochs: flags.epochs,
    batchesPerEpoch: flags.batches,
    imageSize: flags.imageSize,
    learningRate: flags.learningRate,
    validation: {
      source: flags.validate,
      metric: flags.metric,
      ...flags.validateEvery,
      images: flags.validateImages,
      patience: flags.patience,
      minDelta: flags.minDelta,
      keep: flags.keep,
    },
    resume: flags.resume,
    overwrite: flags.overwrite,
    skipLoneClasses: flags.skipLoneClasses,
    threads: flags.threads,
    device: flags.device,
    open: openOptionsOf(flags),
    onProgress: session.onProgress,
    onEpoch: ({ epoch, loss, seconds }, epochs) =>
      session.note(`epoch ${epoch}/${epochs}  loss ${loss.toFixed(4)}  ${formatDuration(seconds)}`),
    onValidation: ({ epoch, metric, value, seconds }, isBest) =>
      session.note(
        `validation, epoch ${epoch}  ${metric} ${value.toFixed(4)}${isBest ? ', the best so far' : ''}  ${formatDuration(seconds)}`,
      ),
    signal: session.signal,
  });
  if (!result.finished) return stoppedRun(result, session);
  if (result.alreadyFinished) session.note(`${result.model}: this run is finished; nothing to do`);
  const data = flags.data === undefined ? [] : ['--data', flags.data];
  const tested = result.source.replace(/:(train|all)$/, '');
  const test = ['eval', result.model, tested, ...data, '--report', 'report'];
  return {
    document: result,
    text: textFacts([
      ['model', `${result.model} (${result.modelId!.slice(0, 12)})`],
      [
        'trained on',
        `${result.source}: ${formatCount(result.images)} images of ${formatCount(result.classes)} classes`,
      ],
      ['recipe', `${result.recipe}, seed ${result.seed}`],
      ['loss', result.loss === null ? 'unknown' : result.loss.toFixed(4)],
      ...(result.validation === null ? [] : [['validation', validationText(result.validation)] as const]),
      ['time', `${formatDuration(result.seconds)}, ${formatRate(result.imagesPerSecond, 'images')}`],
      ...(result.run === null ? [['log', result.log] as const] : [['run', result.run] as const]),
    ]),
    skipped: result.skipped,
    hints: [`Test it: ${typedCommand(test, programCall())}`],
  };
}

function backboneOf(flags: TrainFlags): TrainOptions['backbone'] {
  const options = backboneOptionsOf(flags);
  if (flags.backbone === undefined) {
    if (options === undefined) return undefined;
    throw new ImagekinError('wrong-usage', {
      where: 'train',
      expected: 'flags of an ONNX model from elsewhere only beside --backbone',
      got: `${Object.keys(options).join(', ')} without it`,
      fix: 'name the model by --backbone, or leave them out',
    });
  }
  return options === undefined ? flags.backbone : { model: flags.backbone, ...options };
}

function validationText({ metric, best, last, kept }: NonNullable<TrainResult['validation']>): string {
  const which = kept === 'best' ? 'the best is kept' : 'the last is kept';
  return `${metric} ${best.value.toFixed(4)} in epoch ${best.epoch}, ${last.value.toFixed(4)} in the last (${last.epoch}); ${which}`;
}

type ValidationCadence = { readonly everyEpochs: number } | { readonly everySteps: number };

/** `2`, `500steps` */
function cadence(text: string): ValidationCadence {
  const [, digits, unit] = /^(\d+)\s*(steps?|epochs?)?$/.exec(text) ?? [];
  const number = wholeNumber('--validate-every', { least: 1 })(digits ?? text);
  return unit?.startsWith('step') ? { everySteps: number } : { everyEpochs: number };
}
