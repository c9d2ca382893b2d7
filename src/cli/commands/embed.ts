import { type Command, Option } from 'commander';
import type { EmbedResult } from '../../app/embed/embed-sources.js';
import { embeddingFormatNames } from '../../app/embed/embedding-format.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addBackboneOptions } from '../backbone-options.js';
import { addEngineOptions, addOutputOptions, addSourceOptions } from '../common-options.js';
import { type EmbeddingFlags, embeddingOptionsOf } from '../embedding-options.js';
import { formatCount, formatDuration, formatRate } from '../quantities.js';
import type { Outcome, Perform, Session } from '../session.js';
import { stoppedRun } from '../stopped-run.js';
import { textFacts } from '../text-table.js';

interface EmbedFlags extends EmbeddingFlags {
  readonly out: string;
  readonly format?: EmbedResult['format'];
  readonly resume?: boolean;
  readonly overwrite?: boolean;
}

const more = `
Formats, by the extension of the file:
  .npy    a NumPy array, float32 [images, dimension]; which image a row is of
          stands in <file>.images.jsonl
  .jsonl  a line of JSON for every image, with its "embedding"
  .arrow  an Arrow file (Feather), for pandas, polars, DuckDB

Memory does not grow with the number of images. What is done is kept in
<file>.part until all is done: after Ctrl-C or a crash, --resume goes on there.
Files that do not decode are left out, listed, and counted in the exit code.

Examples:
  imagekin embed model.onnx ./photos -o photos.npy
  imagekin embed model.onnx photos.zip 'more/**/*.jpg' -o photos.arrow
  find . -name '*.jpg' -print0 | imagekin embed model.onnx - -o found.jsonl`;

export function addEmbedCommand(program: Command, perform: Perform): void {
  const command = program
    .command('embed')
    .summary('turn images into vectors, in a file')
    .description('Embeds images, as many as there are, and writes their vectors to a file.')
    .argument('<model>', 'a model file, another ONNX file, or the name of a pulled model')
    .argument('<source...>', 'folders, archives, manifests, patterns, image files, or - for a list of paths')
    .requiredOption('-o, --out <file>', 'where the vectors go, as vectors.npy')
    .addOption(
      new Option('--format <name>', 'what is written (default: by the extension)').choices(
        embeddingFormatNames,
      ),
    )
    .option('--resume', 'go on with an unfinished run')
    .option('--overwrite', 'start anew where an unfinished run lies');
  addEngineOptions(addSourceOptions(command));
  addOutputOptions(addBackboneOptions(command))
    .addHelpText('after', more)
    .action((model: string, sources: string[], flags: EmbedFlags) =>
      perform(flags, (session) => embed(model, sources, flags, session)),
    );
}

async function embed(
  model: string,
  sources: readonly string[],
  flags: EmbedFlags,
  session: Session,
): Promise<Outcome> {
  const { out, format, resume, overwrite } = flags;
  const result = await runInWorker('embed', {
    model,
    sources,
    out,
    format,
    resume,
    overwrite,
    ...embeddingOptionsOf(flags, session),
  });
  if (!result.finished) return stoppedRun(result, session);
  return {
    document: result,
    text: textFacts([
      ['vectors', `${result.out}: ${formatCount(result.images)} of ${result.dimension} numbers`],
      ...(result.rows === null ? [] : [['rows', result.rows] as const]),
      ['model', `${result.model} (${result.modelId.slice(0, 12)})`],
      ['time', `${formatDuration(result.seconds)}, ${formatRate(result.imagesPerSecond, 'images')}`],
    ]),
    skipped: result.skipped,
  };
}
