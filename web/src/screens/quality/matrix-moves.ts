/** Where a key leads to in a table of so many rows and columns. */
export function movedCell(
  key: string,
  [row, column]: [number, number],
  last: number,
): [number, number] | undefined {
  const within = (at: number) => Math.min(last, Math.max(0, at));
  switch (key) {
    case 'ArrowUp':
      return [within(row - 1), column];
    case 'ArrowDown':
      return [within(row + 1), column];
    case 'ArrowLeft':
      return [row, within(column - 1)];
    case 'ArrowRight':
      return [row, within(column + 1)];
    case 'Home':
      return [row, 0];
    case 'End':
      return [row, last];
    case 'PageUp':
      return [0, column];
    case 'PageDown':
      return [last, column];
    default:
      return undefined;
  }
}
