/** Year and month at least, so that the numbers of years stay numbers. */
const date = /^\d{4}-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?)?$/;

/**
 * A date as far as it is written, `2024-05` or `2024-05-01T10:30`, in the form in which it is compared; `undefined` of what is
 * none. Dates are compared by the characters that were written, so that `2024-05` is the whole of that month.
 */
export function datePrefix(text: string): string | undefined {
  return date.test(text) ? text.replace(' ', 'T').replace(/Z$/, '') : undefined;
}

/** The year that a number may mean. */
export function yearPrefix(value: number): string | undefined {
  return Number.isInteger(value) && value >= 1000 && value <= 9999 ? String(value) : undefined;
}

const unitsMs = { second: 1000, minute: 60_000, day: 86_400_000 };

/**
 * The stretch of time that a date means, in milliseconds since 1970, its end not in it. Dates are in UTC.
 * @param prefix of `datePrefix` or `yearPrefix`
 * @returns `undefined` where there is no such day
 */
export function stretchOf(prefix: string): { readonly from: number; readonly to: number } | undefined {
  const [year, month = 1] = prefix.split('-').map(Number) as [number, number?];
  if (prefix.length <= 7) {
    if (month < 1 || month > 12) return undefined;
    const from = Date.UTC(year, month - 1);
    return { from, to: prefix.length === 4 ? Date.UTC(year + 1) : Date.UTC(year, month) };
  }
  const from = Date.parse(prefix.length === 10 ? prefix : `${prefix}Z`);
  if (Number.isNaN(from)) return undefined;
  const fraction = prefix.split('.')[1];
  const length =
    prefix.length === 10
      ? unitsMs.day
      : prefix.length === 16
        ? unitsMs.minute
        : fraction === undefined
          ? unitsMs.second
          : Math.max(1, unitsMs.second / 10 ** fraction.length);
  return { from, to: from + length };
}
