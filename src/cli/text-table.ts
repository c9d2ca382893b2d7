export interface Column {
  readonly title: string;
  /** Numbers stand at the right. Default left. */
  readonly align?: 'left' | 'right';
}

/** Rows in columns for people to read: two spaces between, no frame, a line per row. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const all = [titles, ...rows];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) => joined(row.map((cell, i) => padded(cell, widths[i]!, columns[i]!.align)))).join('');
}

/** Terms with their values, aligned. */
export function textFacts(facts: readonly (readonly [term: string, value: string])[]): string {
  const width = Math.max(...facts.map(([term]) => term.length));
  return facts.map(([term, value]) => joined([term.padEnd(width), value])).join('');
}

function padded(cell: string, width: number, align: Column['align']): string {
  return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
}

function joined(cells: readonly string[]): string {
  return `${cells.join('  ').trimEnd()}\n`;
}
