import { type Command, Option } from 'commander';
import {
  type ExchangeFormatName,
  exchangeFormatNames,
} from '../../app/collection/exchange/exchange-format.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addBackboneOptions, type BackboneOptionFlags, backboneOptionsOf } from '../backbone-options.js';
import { addOutputOptions } from '../common-options.js';
import { modelText } from '../model-text.js';
import { wholeNumber } from '../number-options.js';
import { formatCount, formatDuration, formatRate } from '../quantities.js';
import type { CommonFlags, Outcome, Perform, Session } from '../session.js';
import { stoppedRun } from '../stopped-run.js';
import { textFacts } from '../text-table.js';

interface ImportFlags extends CommonFlags, BackboneOptionFlags {
  readonly format?: ExchangeFormatName;
  readonly model?: string;
  readonly modelId?: string;
  readonly dimension?: number;
}

const more = `
Formats: .jsonl, .csv, .arrow, .npy and .faiss, as "imagekin export" and
"imagekin embed" write them. Of other programs too: what an image is called
stands in "id", "name" or "path", its vector in "embedding", a label in "label";
whatever else there is becomes metadata. FAISS: IndexFlatIP and IndexFlatL2.

Vectors are brought to unit length. A collection has the vectors of one model:
where the file does not say which made them, say it by --model, or give it a
name by --model-id. Without the model itself a collection can be searched by the
ids of its images, but not by a picture.

Rows that are of no use are left out, listed, and counted in the exit code.
Images that the collection has at the same place get what the file says.

Examples:
  imagekin import photos.kin photos.jsonl
  imagekin import photos.kin photos.npy --model model.onnx
  imagekin import clip.kin vectors.npy --model-id clip-vit-b32 --dimension 512`;

export function addImportCommand(program: Command, perform: Perform): void {
  const command = program
    .command('import')
    .summary('take vectors and what they are of into a collection')
    .description(
      'Takes images with their vectors from a file into a collection, which is made where there is none.',
    )
    .argument('<collection>', 'a folder')
    .argument('<file>', 'what export or embed have written, or another program')
    .addOption(
      new Option('--format <name>', 'what the file is (default: by the extension)').choices(
        exchangeFormatNames,
      ),
    )
    .option('-m, --model <model>', 'the model that made the vectors; it goes into the collection')
    .option(
      '--model-id <name>',
      'what the model is called that made the vectors, where there is no file of it',
    )
    .option(
      '--dimension <n>',
      'how many numbers the vectors must have',
      wholeNumber('--dimension', { least: 1, most: 65_536 }),
    );
  addOutputOptions(addBackboneOptions(command))
    .addHelpText('after', more)
    .action((collection: string, file: string, flags: ImportFlags) =>
      perform(flags, (session) => importFrom(collection, file, flags, session)),
    );
}

async function importFrom(
  collection: string,
  file: string,
  flags: ImportFlags,
  session: Session,
): Promise<Outcome> {
  const { format, model, modelId, dimension } = flags;
  const result = await runInWorker('importCollection', {
    collection,
    file,
    format,
    model,
    modelId,
    dimension,
    backbone: backboneOptionsOf(flags),
    onProgress: session.onProgress,
    signal: session.signal,
  });
  if (!result.finished) return stoppedRun(result, session, []);
  const { added, updated, normalized, skipped } = result;
  return {
    document: result,
    text: textFacts([
      ['added', formatCount(added)],
      ...(updated === 0 ? [] : [['updated', formatCount(updated)] as const]),
      ...(normalized === 0
        ? []
        : [['vectors', `${formatCount(normalized)} brought to unit length`] as const]),
      ['model', `${modelText(result)}, vectors of ${formatCount(result.dimension)} numbers`],
      ['time', `${formatDuration(result.seconds)}, ${formatRate(result.imagesPerSecond, 'images')}`],
    ]),
    skipped,
  };
}
