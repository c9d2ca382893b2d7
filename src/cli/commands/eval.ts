import type { Command } from 'commander';
import type { EvaluateResult } from '../../app/measure-model.js';
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
import { formatCount, formatDuration, formatRate } from '../quantities.js';
import type { Outcome, Perform, Session } from '../session.js';
import { textFacts, textTable } from '../text-table.js';
import { typedCommand } from '../typed-command.js';

interface EvalFlags extends SourceFlags, EngineFlags {
  readonly report?: string;
  readonly baseline?: boolean;
}

const more = `
Every image is a query: its nearest others, itself left out, are to be of its
class. The training images are used for the kNN accuracy alone, a vote of the
200 nearest of them.

Examples:
  imagekin eval cifar10.onnx cifar10 --report report   # see report/index.html
  imagekin eval shoes.onnx ./shoes --json | jq .precisionAt1`;

export function addEvalCommand(program: Command, perform: Perform): void {
  const command = program
    .command('eval')
    .summary('test a model by near neighbours')
    .description(
      'Measures how well a model finds images of the same class among the test images of a source.',
    )
    .argument('<model>', 'a model file made by "imagekin train"')
    .argument('<source>', 'cifar10, emoji, or a folder with one folder of images per class')
    .option('--report <dir>', 'write a page with pictures: neighbours, confusion matrix, loss curve')
    .option('--baseline', 'also measure raw 16×16 pixels, the floor (always done for a report)');
  addEngineOptions(addSourceOptions(command));
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((model: string, source: string, flags: EvalFlags) =>
      perform(flags, (session) => evaluate(model, source, flags, session)),
    );
}

async function evaluate(model: string, source: string, flags: EvalFlags, session: Session): Promise<Outcome> {
  const result = await runInWorker('evaluate', {
    model,
    source,
    report: flags.report,
    baseline: flags.baseline,
    threads: flags.threads,
    device: flags.device,
    open: openOptionsOf(flags),
    command: typedCommand(session.args),
    onProgress: session.onProgress,
    signal: session.signal,
  });
  return {
    document: evaluationDocument(result),
    text: await evaluationText(result),
    skipped: result.skipped,
  };
}

async function evaluationText(result: EvaluateResult): Promise<string> {
  const { metricDefinitions } = await import('../../app/metric-definitions.js');
  const { evaluation, baseline } = result;
  const floors: Readonly<Record<string, number>> = { ...baseline };
  const row = (
    key: keyof typeof metricDefinitions,
    value: number,
    name: string = metricDefinitions[key].name,
  ) => {
    const floor = floors[key]?.toFixed(4) ?? '';
    return [name, value.toFixed(4), ...(baseline ? [floor] : []), metricDefinitions[key].formula];
  };
  const metrics = textTable(
    [
      { title: 'metric' },
      { title: 'value', align: 'right' },
      ...(baseline ? [{ title: 'raw pixels', align: 'right' as const }] : []),
      { title: 'formula' },
    ],
    [
      row('precisionAt1', evaluation.precisionAt1),
      row('precisionAt10', evaluation.precisionAt10),
      row('rPrecision', evaluation.rPrecision),
      row('mapAtR', evaluation.mapAtR),
      ...Object.entries(evaluation.recallAtK).map(([k, value]) => row('recallAtK', value, `recall@${k}`)),
      ...(evaluation.knnAccuracy === null ? [] : [row('knnAccuracy', evaluation.knnAccuracy)]),
    ],
  );
  const leftOut =
    evaluation.leftOut === 0 ? '' : `, ${formatCount(evaluation.leftOut)} left out: alone in their class`;
  return `${textFacts([
    ['model', `${result.model} (${result.modelId.slice(0, 12)})`],
    ['tested on', `${result.source}: ${formatCount(result.images)} images`],
    ['queries', `${formatCount(evaluation.queries)}${leftOut}`],
    ['time', `${formatDuration(result.seconds)}, ${formatRate(result.imagesPerSecond, 'images')} embedded`],
    ...(result.report === null ? [] : [['report', result.report] as const]),
  ])}\n${metrics}`;
}
