import type { Command } from 'commander';
import type { TrainResult } from '../../app/train-model.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import {
  addEngineOptions,
  addOutputOptions,
  addSourceOptions,
  type EngineFlags,
  openOptionsOf,
  type SourceFlags,
} from '../common-options.js';
import { exitCodes } from '../exit-codes.js';
import { positiveNumber, wholeNumber } from '../number-options.js';
import { formatCount, formatDuration, formatRate } from '../quantities.js';
import type { Outcome, Perform, Session } from '../session.js';
import { textFacts } from '../text-table.js';
import { programCall, typedCommand } from '../typed-command.js';

interface TrainFlags extends SourceFlags, EngineFlags {
  readonly out: string;
  readonly recipe?: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly batches?: number;
  readonly imageSize?: number;
  readonly learningRate?: number;
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

Beside the model stand a log (one line of JSON per epoch) and, until the run is
done, a checkpoint. Ctrl-C stops after the step under way; --resume then goes on
as if the run had never stopped.

Examples:
  imagekin train cifar10 -o cifar10.onnx
  imagekin train ./shoes -o shoes.onnx --epochs 5   # ./shoes/boot/1.jpg, ...
  imagekin train ./shoes -o shoes.onnx --resume`;

export function addTrainCommand(program: Command, perform: Perform): void {
  const command = program
    .command('train')
    .summary('train an embedding on images with labels')
    .description(
      'Trains an embedding on images with labels, and writes it as a model file that any ONNX runtime can run.',
    )
    .argument('<source>', 'cifar10, emoji, or a folder with one folder of images per class')
    .requiredOption('-o, --out <file>', 'where the model goes, as model.onnx')
    .option('--recipe <name>', 'one of those below (default: the one that suits the source)')
    .option('--seed <n>', 'equal seeds give equal models', wholeNumber('--seed', { least: 0 }), 0)
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
    .option('--resume', 'go on with an unfinished run')
    .option('--overwrite', 'start anew where an unfinished run lies')
    .option('--skip-lone-classes', 'leave out classes that have a single image');
  addEngineOptions(addSourceOptions(command));
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((source: string, flags: TrainFlags) =>
      perform(flags, (session) => train(source, flags, session)),
    );
}

async function train(source: string, flags: TrainFlags, session: Session): Promise<Outcome> {
  const result = await runInWorker('train', {
    source,
    out: flags.out,
    recipe: flags.recipe,
    seed: flags.seed,
    epochs: flags.epochs,
    batchesPerEpoch: flags.batches,
    imageSize: flags.imageSize,
    learningRate: flags.learningRate,
    resume: flags.resume,
    overwrite: flags.overwrite,
    skipLoneClasses: flags.skipLoneClasses,
    threads: flags.threads,
    device: flags.device,
    open: openOptionsOf(flags),
    onProgress: session.onProgress,
    onEpoch: ({ epoch, loss, seconds }, epochs) =>
      session.note(`epoch ${epoch}/${epochs}  loss ${loss.toFixed(4)}  ${formatDuration(seconds)}`),
    signal: session.signal,
  });
  if (!result.finished) return stopped(result, session);
  if (result.alreadyFinished) session.note(`${result.model}: this run is finished; nothing to do`);
  const data = flags.data === undefined ? [] : ['--data', flags.data];
  const test = ['eval', result.model, source.replace(/:(train|all)$/, ''), ...data, '--report', 'report'];
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
      ['time', `${formatDuration(result.seconds)}, ${formatRate(result.imagesPerSecond, 'images')}`],
      ['log', result.log],
    ]),
    skipped: result.skipped,
    hints: [`Test it: ${typedCommand(test, programCall())}`],
  };
}

function stopped(result: TrainResult, { args }: Session): Outcome {
  const again = [...args.filter((arg) => arg !== '--overwrite' && arg !== '--resume'), '--resume'];
  return {
    document: result,
    text: '',
    skipped: result.skipped,
    hints: [`stopped; go on with: ${typedCommand(again, programCall())}`],
    exitCode: exitCodes.interrupted,
  };
}
