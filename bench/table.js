// @ts-check

/**
 * Prints the cases of a report as a table, one row each.
 * @param {import('./main.js').Report} report
 */
export function printCases({ cases }) {
  const rows = cases.map(({ name, unit, ours, peer, peerName, ratio, spread }) => [
    name,
    cell(ours, spread.ours, unit),
    peer === null || spread.peer === null ? 'not installed' : cell(peer, spread.peer, unit),
    peerName ?? '',
    ratio === null ? '-' : `${ratio.toFixed(2)}x`,
  ]);
  printTable(['case', 'imagekin', 'peer', 'peer is', 'ratio (above 1: ours is better)'], rows);
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function printTable(head, rows) {
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table)
    console.log(
      row
        .map((text, column) => text.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}

/**
 * @param {number} median
 * @param {import('./main.js').Range} range
 * @param {string} unit
 */
function cell(median, { min, max }, unit) {
  const range = min === max ? '' : ` (${significant(min)}-${significant(max)})`;
  return `${significant(median)} ${unit}${range}`;
}

/** @param {number} value */
function significant(value) {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}
