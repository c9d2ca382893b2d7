import { ImagekinError } from '../core/errors.js';

/**
 * A parser for a flag's value: a whole number.
 * @throws `wrong-usage`
 */
export function wholeNumber(
  flag: string,
  { least, most = Number.MAX_SAFE_INTEGER }: { readonly least: number; readonly most?: number },
): (text: string) => number {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (/^[+-]?\d+$/.test(text) && value >= least && value <= most) return value;
    throw wrongNumber(flag, `a whole number ${range}`, text, String(Math.max(least, 1)));
  };
}

/**
 * A parser for a flag's value: whole numbers with commas between.
 * @throws `wrong-usage`
 */
export function wholeNumbers(
  flag: string,
  { least, example }: { readonly least: number; readonly example: string },
): (text: string) => number[] {
  return (text) => {
    const values = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
    if (values.every((value) => value >= least && value <= Number.MAX_SAFE_INTEGER)) return values;
    throw wrongNumber(flag, `whole numbers of at least ${least}, with commas between`, text, example);
  };
}

/**
 * A parser for a flag's value: a number above zero, as `0.001` or `1e-3`.
 * @throws `wrong-usage`
 */
export function positiveNumber(flag: string, example: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
    throw wrongNumber(flag, 'a number above 0', text, example);
  };
}

/**
 * A parser for a flag's value: a share, from 0 to 1.
 * @throws `wrong-usage`
 */
export function share(flag: string, example: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= 0 && value <= 1) return value;
    throw wrongNumber(flag, 'a number from 0 to 1', text, example);
  };
}

/**
 * A parser for a flag's value: a number from −1 to 1, as cosines are.
 * @throws `wrong-usage`
 */
export function cosineValue(flag: string, example: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= -1 && value <= 1) return value;
    throw wrongNumber(flag, 'a number from -1 to 1', text, example);
  };
}

function wrongNumber(flag: string, expected: string, text: string, example: string): ImagekinError {
  return new ImagekinError('wrong-usage', {
    where: flag,
    expected,
    got: `"${text}"`,
    fix: `write for example ${flag} ${example}`,
  });
}
