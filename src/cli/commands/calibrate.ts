import { type Command, Option } from 'commander';
import type { CalibrateResult } from '../../app/calibrate-model.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addBackboneOptions } from '../backbone-options.js';
import { calibrationLines, thresholdTable } from '../calibration-text.js';
import { addEngineOptions, addOutputOptions, addSourceOptions } from '../common-options.js';
import { type EmbeddingFlags, embeddingOptionsOf } from '../embedding-options.js';
import { wholeNumber } from '../number-options.js';
import type { Outcome, Perform, Session } from '../session.js';
import { textFacts } from '../text-table.js';
import { type ThresholdTarget, thresholdTarget } from '../threshold-target.js';
import { programCall, typedCommand } from '../typed-command.js';

interface CalibrateFlags extends EmbeddingFlags {
  readonly out?: string;
  readonly method: 'auto' | 'isotonic' | 'logistic';
  readonly pairs: 'neighbours' | 'random';
  readonly k: number;
  readonly halves?: 'classes' | 'images';
  readonly target?: readonly ThresholdTarget[];
  readonly seed: number;
  readonly chart?: string;
}

const more = `
One half of the images is learnt from, the other is what all figures are
measured on. With --pairs neighbours the pairs are what a search shows: each
image with its -k nearest others. A probability then answers: given its score,
is this hit of the same class as my query? It holds for the same -k, and for
galleries with about as many classes, and images of each, as half of the source.

A target is met by the safe end of its 95 % interval on the first half, and
then measured on the other.

The calibration is written behind the model, which stays as it is and keeps its
id. Take images that the model was not trained on.

Examples:
  imagekin calibrate shoes.onnx ./shoes
  imagekin calibrate cifar10.onnx cifar10:test -o calibrated.onnx
  imagekin calibrate shoes.onnx ./shoes --target recall=0.8 --chart chart.png`;

export function addCalibrateCommand(program: Command, perform: Perform): void {
  const command = program
    .command('calibrate')
    .summary('learn what the scores of a model mean')
    .description(
      'Learns from images with labels how likely two images of a given score are of the same class, and writes it into the model file.',
    )
    .argument('<model>', 'a model file, the name of a pulled model, or any ONNX model')
    .argument('<source>', 'cifar10, emoji, or a folder with one folder of images per class')
    .option('-o, --out <file>', 'where the calibrated model goes (default: in its own place)')
    .addOption(
      new Option('--method <name>', 'the curve; auto compares the two by their log loss')
        .choices(['auto', 'isotonic', 'logistic'])
        .default('auto'),
    )
    .addOption(
      new Option('--pairs <kind>', 'what is calibrated: hits of a search, or any two images')
        .choices(['neighbours', 'random'])
        .default('neighbours'),
    )
    .option('-k <n>', 'neighbours per image', wholeNumber('-k', { least: 1 }), 10)
    .addOption(
      new Option(
        '--halves <by>',
        'whether the halves have no class or only no image in common (default: classes, from 40 on)',
      ).choices(['classes', 'images']),
    )
    .option(
      '--target <figure=value>',
      'find the score that reaches it: precision=0.9, recall=0.8 or false-match-rate=0.01; may be repeated (default: precision=0.9, precision=0.95)',
      (text, before: ThresholdTarget[] = []) => [...before, thresholdTarget(text)],
    )
    .option('--seed <n>', 'draws the halves, and all else', wholeNumber('--seed', { least: 0 }), 0)
    .option('--chart <file>', 'draw the reliability diagram into a PNG file');
  addEngineOptions(addSourceOptions(command));
  addBackboneOptions(addOutputOptions(command))
    .addHelpText('after', more)
    .action((model: string, source: string, flags: CalibrateFlags) =>
      perform(flags, (session) => calibrate(model, source, flags, session)),
    );
}

async function calibrate(
  model: string,
  source: string,
  flags: CalibrateFlags,
  session: Session,
): Promise<Outcome> {
  const result = await runInWorker('calibrate', {
    model,
    source,
    out: flags.out,
    method: flags.method,
    population: flags.pairs === 'random' ? { kind: 'random' } : { kind: 'neighbours', k: flags.k },
    halvedBy: flags.halves,
    targets: flags.target,
    seed: flags.seed,
    chart: flags.chart,
    ...embeddingOptionsOf(flags, session),
  });
  for (const warning of result.warnings) session.note(`warning: ${warning}`);
  for (const note of result.notes) session.note(`note: ${note}`);
  const search = ['search', '<gallery>', '<image...>', '--model', result.model, '--min-probability', '0.9'];
  return {
    document: result,
    text: calibrationText(result),
    pictures: result.chart === null ? [] : [result.chart],
    skipped: result.skipped,
    hints: [
      ...(result.chart === null ? [] : [`wrote ${result.chart}`]),
      `Use it: ${typedCommand(search, programCall())}`,
    ],
  };
}

function calibrationText({ model, modelId, calibration }: CalibrateResult): string {
  const facts = textFacts([
    ['model', `${model} (${modelId.slice(0, 12)})`],
    ...calibrationLines(calibration),
  ]);
  return `${facts}\n${thresholdTable(calibration)}`;
}
