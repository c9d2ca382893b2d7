import { quoted } from '../../filters/filter-text.js';

export interface Fact {
  readonly key: string;
  readonly value: string;
  /** Finds the images that have the same; of text and numbers only. */
  readonly filter: string | undefined;
}

/** Metadata as lines: keys of keys with dots between, as filters have them; lists with commas. */
export function flattened(metadata: Readonly<Record<string, unknown>>, before = ''): Fact[] {
  return Object.entries(metadata).flatMap(([name, value]): Fact[] => {
    const key = before + name;
    if (value === null || value === undefined) return [];
    if (Array.isArray(value)) {
      return [
        {
          key,
          value: value.map((each) => (isPlain(each) ? String(each) : JSON.stringify(each))).join(', '),
          filter: undefined,
        },
      ];
    }
    if (typeof value === 'object') return flattened(value as Record<string, unknown>, `${key}.`);
    return [{ key, value: String(value), filter: isPlain(value) ? filterOf(key, value) : undefined }];
  });
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** Keys that a filter would read otherwise have no link, rather than one that leads astray. */
function filterOf(key: string, value: string | number): string | undefined {
  if (!/^[A-Za-z_][\w.]*$/.test(key)) return undefined;
  return `${key} = ${typeof value === 'number' ? value : quoted(value)}`;
}
