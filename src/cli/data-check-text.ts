import type { DataCheck, FoundFile } from '../app/data-check/findings.js';
import { printable } from '../core/printable.js';
import { formatCount, formatDuration } from './quantities.js';
import { textFacts, textTable } from './text-table.js';

/** Findings of a kind that are listed before the rest is left to --json and the page. */
const mostListed = 10;
const mostFiles = 6;

/** The findings for people: how many there are of each kind, then the first of each. */
export async function dataCheckText(check: DataCheck): Promise<string> {
  const { findingRules } = await import('../app/data-check/finding-rules.js');
  const facts = textFacts([
    ['source', printable(check.source)],
    ['images', `${formatCount(check.images)}, of which ${formatCount(check.checked)} decode`],
    ['classes', formatCount(check.classes)],
    ...(check.model === null ? [] : [['model', check.model] as const]),
    ['time', formatDuration(check.seconds)],
    ...(check.report === null ? [] : [['report', check.report] as const]),
    ...(check.manifest === null
      ? []
      : [['cleaned', `${check.manifest}, ${formatCount(check.removed!.length)} files left out`] as const]),
  ]);
  const table = textTable(
    [{ title: 'finding' }, { title: 'found', align: 'right' }, { title: 'rule' }],
    findingRules.map(({ title, of, rule }) => {
      const found = of(check);
      return [title, found === null ? '–' : formatCount(found.length), rule(check.limits)];
    }),
  );
  const lists = [
    groups('exact duplicates', check.exactDuplicates, ({ files, labelsDiffer }) => ['', files, labelsDiffer]),
    groups('near duplicates', check.nearDuplicates, ({ distance, files, labelsDiffer }) => [
      `${distance} of 64 bits`,
      files,
      labelsDiffer,
    ]),
    groups('leaks between splits', check.leaks, ({ kind, files }) => [kind, files]),
    list('small classes', check.smallClasses, ({ label, images }) => [printable(label), formatCount(images)]),
    list('suspected labels', check.suspectedLabels ?? [], ({ path, label, suggested, votes, k }) => [
      printable(path),
      `${printable(label)}: ${printable(suggested)}?`,
      `${votes} of ${k} neighbours`,
    ]),
    list('outliers', check.outliers ?? [], ({ path, score }) => [
      printable(path),
      `score ${score.toFixed(1)}`,
    ]),
  ];
  return [facts, table, ...lists.filter((text) => text !== '')].join('\n');
}

function groups<T>(
  title: string,
  found: readonly T[],
  of: (group: T) => readonly [note: string, files: readonly FoundFile[], labelsDiffer?: boolean],
): string {
  return list(title, found, (group) => {
    const [note, files, labelsDiffer] = of(group);
    const names = files.slice(0, mostFiles).map(({ path }) => printable(path));
    const rest = files.length > mostFiles ? [`${formatCount(files.length - mostFiles)} more`] : [];
    const remarks = [note, labelsDiffer ? 'classes differ' : ''].filter(Boolean).join(', ');
    return [[...names, ...rest].join('  '), ...(remarks ? [`(${remarks})`] : [])];
  });
}

function list<T>(title: string, found: readonly T[], lineOf: (one: T) => readonly string[]): string {
  if (found.length === 0) return '';
  const lines = found.slice(0, mostListed).map((one) => `  ${lineOf(one).join('  ')}\n`);
  const hidden = found.length - lines.length;
  const rest = hidden > 0 ? [`  ${formatCount(hidden)} more in --json and --report\n`] : [];
  return [`${title}\n`, ...lines, ...rest].join('');
}
