import type { Command } from 'commander';
import { addOutputOptions, addSourceOptions, openOptionsOf, type SourceFlags } from '../common-options.js';
import type { Outcome, Perform } from '../session.js';
import { textTable } from '../text-table.js';

const more = `
Besides these, your own images are a source: in folders, manifests, archives,
patterns of paths, lists on stdin.

Examples:
  imagekin data sources
  imagekin data sources --json`;

export function addDataSourcesCommand(data: Command, perform: Perform): void {
  const command = data
    .command('sources')
    .summary('list the sources that imagekin knows, and the forms of your own')
    .description('Lists the sources that imagekin knows by name, and where each lies or would lie.');
  addOutputOptions(addSourceOptions(command))
    .addHelpText('after', more)
    .action((flags: SourceFlags) => perform(flags, () => sources(flags)));
}

async function sources(flags: SourceFlags): Promise<Outcome> {
  const { listSources, sourceForms } = await import('../../app/list-sources.js');
  const listed = listSources(openOptionsOf(flags));
  return {
    document: { sources: listed, forms: sourceForms },
    text: `${textTable(
      [{ title: 'source' }, { title: 'here' }, { title: 'path' }, { title: 'what it is' }],
      listed.map(({ name, here, path, summary, otherwise }) => [
        name,
        here ? 'yes' : `no, ${otherwise}`,
        path,
        summary,
      ]),
    )}\n${textTable(
      [{ title: 'your own' }, { title: 'what it is' }],
      sourceForms.map(({ form, summary }) => [form, summary]),
    )}`,
  };
}
