// @ts-check

/**
 * Prints the cases as a table, one row each.
 * @param {import('./main.js').Case[]} cases
 */
export function printTable(cases) {
  const rows = cases.map(({ name, unit, ours, peer, peerName, ratio, spread }) => [
    name,
    cell(ours, spread.ours, unit),
    peer === null || spread.peer === null ? 'not installed' : cell(peer, spread.peer, unit),
    peerName,
    ratio === null ? '-' : `${ratio.toFixed(2)}x`,
  ]);
  const table = [['case', 'imagekin', 'peer', 'peer is', 'ratio (above 1: ours is better)'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
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
  return `${significant(median)} ${unit} (${significant(min)}-${significant(max)})`;
}

/** @param {number} value */
function significant(value) {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}
