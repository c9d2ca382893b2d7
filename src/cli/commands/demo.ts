import { type Command, Option } from 'commander';
import { demoSourceNamed } from '../../app/demo-source.js';
import type { DemoResult } from '../../app/run-demo.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import {
  addEngineOptions,
  addOutputOptions,
  addSourceOptions,
  type EngineFlags,
  openOptionsOf,
  type SourceFlags,
} from '../common-options.js';
import { evaluationDocument } from '../evaluation-document.js';
import { exitCodes } from '../exit-codes.js';
import { wholeNumber } from '../number-options.js';
import { formatDuration, formatRate } from '../quantities.js';
import type { Outcome, Perform, Session } from '../session.js';
import { textFacts } from '../text-table.js';
import { programCall, typedCommand } from '../typed-command.js';

interface DemoFlags extends SourceFlags, EngineFlags {
  readonly out: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly batches?: number;
}

const more = `
Without a source it takes CIFAR-10 where it is here or can be downloaded, and
emoji otherwise. Stopped by Ctrl-C, it goes on where it was when run again.

Examples:
  imagekin demo
  imagekin demo emoji --out emoji-demo`;

export function addDemoCommand(program: Command, perform: Perform): void {
  const command = program
    .command('demo')
    .summary('the whole walk: look, train, test, search')
    .description(
      'Walks through everything in a few minutes: looks at a data set, trains an embedding, tests it, searches with it, and writes a page with pictures.',
    )
    .argument('[source]', 'cifar10 or emoji')
    .option('--out <dir>', 'where the model and the page go', './imagekin-demo')
    .option('--seed <n>', 'equal seeds give equal models', wholeNumber('--seed', { least: 0 }), 0)
    // To try the walk itself in seconds.
    .addOption(new Option('--epochs <n>').argParser(wholeNumber('--epochs', { least: 1 })).hideHelp())
    .addOption(new Option('--batches <n>').argParser(wholeNumber('--batches', { least: 1 })).hideHelp());
  addEngineOptions(addSourceOptions(command));
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((source: string | undefined, flags: DemoFlags) =>
      perform(flags, (session) => demo(source, flags, session)),
    );
}

async function demo(source: string | undefined, flags: DemoFlags, session: Session): Promise<Outcome> {
  const result = await runInWorker('demo', {
    source: source === undefined ? undefined : demoSourceNamed(source),
    out: flags.out,
    seed: flags.seed,
    epochs: flags.epochs,
    batchesPerEpoch: flags.batches,
    threads: flags.threads,
    device: flags.device,
    open: openOptionsOf(flags),
    command: typedCommand(session.args),
    onStep: session.note,
    onProgress: session.onProgress,
    onEpoch: ({ epoch, loss }, epochs) => {
      if (isTold(epoch, epochs)) session.note(`  epoch ${epoch}/${epochs}  loss ${loss.toFixed(4)}`);
    },
    signal: session.signal,
  });
  const { evaluation } = result;
  const document = { ...result, evaluation: evaluation && evaluationDocument(evaluation) };
  const skipped = result.train.skipped;
  if (evaluation === null || result.search === null || result.report === null)
    return {
      document,
      text: '',
      skipped,
      hints: [`stopped; the same command goes on from here`],
      exitCode: exitCodes.interrupted,
    };
  session.note('');
  return { document, text: summary(result, evaluation), skipped, hints: hints(result) };
}

/** About this many lines tell of a training, whatever its length. */
const epochLines = 6;

function isTold(epoch: number, epochs: number): boolean {
  return epoch === 1 || epoch === epochs || epoch % Math.ceil(epochs / epochLines) === 0;
}

function summary(
  { train, seconds, report }: DemoResult,
  result: NonNullable<DemoResult['evaluation']>,
): string {
  const { evaluation, baseline } = result;
  const floor = (value: number | undefined) =>
    value === undefined ? '' : `   raw pixels: ${value.toFixed(3)}`;
  return textFacts([
    ['precision@1', `${evaluation.precisionAt1.toFixed(3)}${floor(baseline?.precisionAt1)}`],
    ['R-precision', `${evaluation.rPrecision.toFixed(3)}${floor(baseline?.rPrecision)}`],
    ['training', `${formatDuration(train.seconds)}, ${formatRate(train.imagesPerSecond, 'images')}`],
    ['all', formatDuration(seconds)],
    ['model', train.model],
    ['report', report!],
  ]);
}

function hints({ train, search, source, report }: DemoResult): string[] {
  const program = programCall();
  const query = search!.results[0]!.image;
  const line = (...args: string[]) => `  ${typedCommand(args, program)}`;
  return [
    '',
    `Look at ${report} in a browser. Then try:`,
    line('search', search!.gallery, query, '--model', train.model, '--sheet', 'found.png'),
    line('data', 'show', source),
    `${line('train', './photos', '-o', 'photos.onnx')}   # a folder of your own, with a folder per class`,
  ];
}
