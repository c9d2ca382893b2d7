import { type Command, Option } from 'commander';
import { indexChoices, quantizationChoices } from '../../app/collection/index-choices.js';
import type { ReindexOptions, ReindexResult } from '../../app/collection/reindex-collection.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addBackboneOptions } from '../backbone-options.js';
import { addEngineOptions, addOutputOptions, addSourceOptions } from '../common-options.js';
import { type EmbeddingFlags, embeddingOptionsOf } from '../embedding-options.js';
import { modelText } from '../model-text.js';
import { formatCount, formatCounted, formatDuration } from '../quantities.js';
import type { Outcome, Perform, Session } from '../session.js';
import { stoppedRun } from '../stopped-run.js';
import { textFacts } from '../text-table.js';

interface ReindexFlags extends EmbeddingFlags {
  readonly model?: string;
  readonly abandon?: boolean;
  readonly index?: ReindexOptions['index'];
  readonly quantization?: ReindexOptions['quantization'];
  readonly force?: boolean;
}

const more = `
With --model, every image is embedded by the new model, beside the old vectors,
which are searched until the new ones take their place, all at once. After
Ctrl-C or a crash the same command goes on where it was. Run "imagekin add"
first: files that have changed since they were added are not embedded, and like
those that cannot be read they are in no search after the change; they are
listed, and counted in the exit code. Where they are more than one in a hundred
nothing is changed, unless you insist by --force.

Without --model, only the index is made anew. --index and --quantization are
remembered, and so hold for all that search the collection.

Examples:
  imagekin reindex photos.kin --model dinov2-small
  imagekin reindex photos.kin --index hnsw --quantization i8`;

export function addReindexCommand(program: Command, perform: Perform): void {
  const command = program
    .command('reindex')
    .summary('change a collection to another model, or make its index anew')
    .description('Embeds a collection by another model and then searches by that, or makes its index anew.')
    .argument('<collection>', 'a folder that imagekin add or import has made')
    .option('-m, --model <model>', 'a model file, another ONNX file, or the name of a pulled model')
    .option('--abandon', 'give up a change of models that was begun and not finished')
    .option('--force', 'change models even if many images cannot be embedded')
    .addOption(new Option('--index <kind>', 'the index that it is to have').choices(indexChoices))
    .addOption(new Option('--quantization <form>', 'how hnsw keeps vectors').choices(quantizationChoices));
  addEngineOptions(addSourceOptions(command));
  addOutputOptions(addBackboneOptions(command))
    .addHelpText('after', more)
    .action((collection: string, flags: ReindexFlags) =>
      perform(flags, (session) => reindex(collection, flags, session)),
    );
}

async function reindex(collection: string, flags: ReindexFlags, session: Session): Promise<Outcome> {
  const { model, abandon, index, quantization, force } = flags;
  const result = await runInWorker('reindexCollection', {
    collection,
    model,
    abandon,
    index,
    quantization,
    force,
    ...embeddingOptionsOf(flags, session),
  });
  if (!result.finished) return stoppedRun(result, session, []);
  return {
    document: result,
    text: textFacts(factsOf(result)),
    skipped: result.skipped,
  };
}

function factsOf({
  model,
  modelId,
  switched,
  embedded,
  index,
  seconds,
}: ReindexResult): (readonly [string, string])[] {
  return [
    ['model', `${modelText({ model, modelId })}${switched ? ', from now on' : ''}`],
    ...(embedded === 0 ? [] : [['embedded', formatCount(embedded)] as const]),
    ...(index === null
      ? []
      : [['index', `${index.kind}, ${formatCounted(index.vectors, 'vector')}`] as const]),
    ['time', formatDuration(seconds)],
  ];
}
