import { isDeepStrictEqual } from 'node:util';

/** A setting that runs have differently. */
export interface ConfigDifference {
  /** The way to it: `recipe.optimizer.beta2`. */
  readonly path: string;
  /** By run, in their order; `undefined` where a run has no such setting. */
  readonly values: readonly unknown[];
}

/** What differs between configurations: the deepest settings that are not the same in all, in the order in which they come. */
export function configDifferences(configs: readonly unknown[]): ConfigDifference[] {
  return differencesAt('', configs);
}

function differencesAt(path: string, values: readonly unknown[]): ConfigDifference[] {
  if (values.every((value) => isDeepStrictEqual(value, values[0]))) return [];
  // Parts of another make have nothing to compare but their names, and the rest would only be listed twice.
  if (!values.every(isObject) || new Set(values.map(({ name }) => name)).size > 1) return [{ path, values }];
  const keys = [...new Set(values.flatMap(Object.keys))];
  return keys.flatMap((key) =>
    differencesAt(
      path === '' ? key : `${path}.${key}`,
      values.map((value) => value[key]),
    ),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
