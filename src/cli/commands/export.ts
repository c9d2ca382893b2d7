import { type Command, Option } from 'commander';
import {
  type ExchangeFormatName,
  exchangeFormatNames,
} from '../../app/collection/exchange/exchange-format.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addOutputOptions } from '../common-options.js';
import { modelText } from '../model-text.js';
import { formatCount, formatCounted, formatDuration } from '../quantities.js';
import type { CommonFlags, Outcome, Perform, Session } from '../session.js';
import { textFacts } from '../text-table.js';

interface ExportFlags extends CommonFlags {
  readonly out: string;
  readonly format?: ExchangeFormatName;
  readonly vectors?: boolean;
}

const more = `
Formats, by the extension of the file:
  .jsonl  a line of JSON for every image, with its "embedding"
  .csv    a table, metadata in columns "metadata.<name>"; with --vectors the
          vectors too, without which it cannot be imported
  .arrow  an Arrow file (Feather), for pandas, polars, DuckDB
  .npy    a NumPy array, float32 [images, dimension]; what the rows are of
          stands in <file>.images.jsonl
  .faiss  an IndexFlatIP with the ids of the images, for faiss.read_index; what
          they are stands in <file>.images.jsonl

Images whose files are gone are left out, and those that have no vector. All is
of one moment, also while the collection is being changed.

Examples:
  imagekin export photos.kin -o photos.jsonl
  imagekin export photos.kin -o photos.csv --vectors`;

export function addExportCommand(program: Command, perform: Perform): void {
  const command = program
    .command('export')
    .summary('write a collection to a file of another form')
    .description(
      'Writes the images of a collection, with what is known of them and their vectors, to a file.',
    )
    .argument('<collection>', 'a folder that imagekin add or import has made')
    .requiredOption('-o, --out <file>', 'where it goes, as photos.jsonl')
    .addOption(
      new Option('--format <name>', 'what is written (default: by the extension)').choices(
        exchangeFormatNames,
      ),
    )
    .option('--vectors', 'CSV: with a column of the vectors');
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((collection: string, flags: ExportFlags) =>
      perform(flags, (session) => exportTo(collection, flags, session)),
    );
}

async function exportTo(collection: string, flags: ExportFlags, session: Session): Promise<Outcome> {
  const { out, format, vectors } = flags;
  const { onProgress, signal } = session;
  const result = await runInWorker('exportCollection', {
    collection,
    out,
    format,
    vectors,
    onProgress,
    signal,
  });
  const leftOut = [
    ...(result.missing > 0 ? [`${formatCount(result.missing)} whose files are gone`] : []),
    ...(result.withoutVector > 0 ? [`${formatCount(result.withoutVector)} without a vector`] : []),
  ];
  return {
    document: result,
    text: textFacts([
      [
        'wrote',
        `${result.out}: ${formatCounted(result.images, 'image')}, vectors of ${formatCount(result.dimension)} numbers`,
      ],
      ...(result.imagesFile === null ? [] : [['rows', result.imagesFile] as const]),
      ...(leftOut.length === 0 ? [] : [['left out', leftOut.join(', ')] as const]),
      ['model', modelText(result)],
      ['time', formatDuration(result.seconds)],
    ]),
  };
}
