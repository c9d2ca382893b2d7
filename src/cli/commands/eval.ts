import type { Command } from 'commander';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addBackboneOptions } from '../backbone-options.js';
import { addEngineOptions, addOutputOptions, addSourceOptions } from '../common-options.js';
import { type EmbeddingFlags, embeddingOptionsOf } from '../embedding-options.js';
import { evaluationDocument } from '../evaluation-document.js';
import { evaluationText } from '../evaluation-text.js';
import { wholeNumber, wholeNumbers } from '../number-options.js';
import type { Outcome, Perform, Session } from '../session.js';
import { typedCommand } from '../typed-command.js';

interface EvalFlags extends EmbeddingFlags {
  readonly gallery?: string;
  readonly compare?: string;
  readonly ks?: readonly number[];
  readonly clusters?: boolean;
  readonly bootstrap?: number;
  readonly report?: string;
  readonly baseline?: boolean;
}

const more = `
Every image is a query: its nearest others, itself left out, are to be of its
class. The training images are used for the kNN accuracy alone, a vote of the
200 nearest of them. Intervals come from resampling the queries: differences
within them say nothing. --compare is far sharper, as both models are asked the
same.

Examples:
  imagekin eval cifar10.onnx cifar10 --report report   # see report/index.html
  imagekin eval shoes.onnx ./shoes --compare older.onnx
  imagekin eval shoes.onnx ./photos:all --gallery ./catalogue
  imagekin eval shoes.onnx ./shoes:unseen-classes
  imagekin eval shoes.onnx ./shoes --json | jq .precisionAt1`;

export function addEvalCommand(program: Command, perform: Perform): void {
  const command = program
    .command('eval')
    .summary('test a model by near neighbours')
    .description(
      'Measures how well a model finds images of the same class among the test images of a source.',
    )
    .argument('<model>', 'a model file, the name of a pulled model, or any ONNX model')
    .argument('<source>', 'cifar10, emoji, or a folder with one folder of images per class')
    .option('--gallery <source>', 'search in this source, by names of classes, instead of among the queries')
    .option('--compare <model>', 'measure a second model on the same queries and print the differences')
    .option(
      '--ks <list>',
      'the k of precision@k, recall@k and NDCG@k (default: 1,10)',
      wholeNumbers('--ks', { least: 1, example: '1,10,100' }),
    )
    .option('--clusters', 'also cluster the images by k-means, for NMI and AMI')
    .option(
      '--bootstrap <n>',
      'resamples of the queries for the intervals, 0 for none (default: 1000)',
      wholeNumber('--bootstrap', { least: 0, most: 1_000_000 }),
    )
    .option('--report <dir>', 'write a page with pictures: neighbours, confusion matrix, loss curve')
    .option('--baseline', 'also measure raw 16×16 pixels, the floor (always done for a report)');
  addEngineOptions(addSourceOptions(command));
  addBackboneOptions(addOutputOptions(command))
    .addHelpText('after', more)
    .action((model: string, source: string, flags: EvalFlags) =>
      perform(flags, (session) => evaluate(model, source, flags, session)),
    );
}

async function evaluate(model: string, source: string, flags: EvalFlags, session: Session): Promise<Outcome> {
  const result = await runInWorker('evaluate', {
    model,
    source,
    gallery: flags.gallery,
    compare: flags.compare,
    ks: flags.ks,
    clusters: flags.clusters,
    bootstrap: flags.bootstrap,
    report: flags.report,
    baseline: flags.baseline,
    command: typedCommand(session.args),
    ...embeddingOptionsOf(flags, session),
  });
  return {
    document: evaluationDocument(result),
    text: await evaluationText(result),
    skipped: result.skipped,
  };
}
