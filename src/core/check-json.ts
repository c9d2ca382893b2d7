import type { TSchema } from '@sinclair/typebox';
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors';
import { Value } from '@sinclair/typebox/value';
import { ImagekinError } from './errors.js';

/** A value in a JSON document: which document, and the way to it as keys from the top. */
export interface JsonPlace {
  /** The file, or what stands in its place in errors. */
  readonly document: string;
  readonly path: readonly string[];
}

/** The place of a key of what is at a place. */
export function placeAt({ document, path }: JsonPlace, key: string): JsonPlace {
  return { document, path: [...path, key] };
}

/**
 * Checks a value from outside against its schema.
 * @throws `wrong-usage` that names the first place in the document that does not fit, what was expected there, and what came
 */
export function requireJson(schema: TSchema, value: unknown, place: JsonPlace): void {
  if (Value.Check(schema, value)) return;
  throw mismatch(firstError(schema, value), place);
}

/** An error about a value at a place. */
export function wrongJson(
  { document, path }: JsonPlace,
  expected: string,
  got: string,
  fix = 'correct it',
): ImagekinError {
  const where = path.length === 0 ? document : `${document}: ${path.join('.')}`;
  return new ImagekinError('wrong-usage', { where, expected, got, fix });
}

/** A value as an error shows it: on one line, and cut where it is long. */
export function shownJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The first error, but a key that is misspelt before the one that is missing for it. */
function firstError(schema: TSchema, value: unknown): ValueError {
  const errors = [...Value.Errors(schema, value)];
  return errors.find(({ type }) => type === ValueErrorType.ObjectAdditionalProperties) ?? errors[0]!;
}

function mismatch({ type, schema, path, value }: ValueError, place: JsonPlace): ImagekinError {
  if (type === ValueErrorType.Union && typeof value === 'object' && value !== null) {
    // Of an object that may also be null, or be of several kinds by its name, what is wrong is inside.
    const objects = (schema.anyOf as readonly TSchema[]).filter(({ properties }) => properties);
    const { name } = value as { readonly name?: unknown };
    const meant = objects.length === 1 ? objects[0] : objects.find((kind) => nameOf(kind) === name);
    if (meant) {
      const inner = firstError(meant, value);
      return mismatch({ ...inner, path: path + inner.path }, place);
    }
    const names = objects.map(nameOf).filter((known) => known !== undefined);
    if (names.length > 0) {
      const at = [...place.path, ...keysOf(path), 'name'];
      return wrongJson(
        { ...place, path: at },
        `one of ${names.join(', ')}`,
        shownJson(name),
        'name one of these',
      );
    }
  }
  const keys = keysOf(path);
  const at = { document: place.document, path: [...place.path, ...keys] };
  if (type === ValueErrorType.ObjectAdditionalProperties) {
    const around = { ...at, path: at.path.slice(0, -1) };
    const known = Object.keys((schema.properties as object | undefined) ?? {});
    return wrongJson(
      around,
      `keys out of ${known.join(', ')}`,
      `'${keys.at(-1)}'`,
      'correct the spelling, or leave it out',
    );
  }
  if (type === ValueErrorType.ObjectRequiredProperty)
    return wrongJson(at, expectationOf(schema), 'nothing', 'add it');
  return wrongJson(at, expectationOf(schema), shownJson(value));
}

/** The name that all objects of a schema have. */
function nameOf({ properties }: TSchema): unknown {
  return (properties as { readonly name?: TSchema }).name?.const;
}

/** A JSON pointer taken apart. */
function keysOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What a schema takes, as a person would say it. */
export function expectationOf(schema: TSchema): string {
  const alternatives = schema.anyOf as readonly TSchema[] | undefined;
  if (alternatives) return alternatives.map(expectationOf).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  switch (schema.type) {
    case 'integer':
      return `a whole number${rangeOf(schema)}`;
    case 'number':
      return `a number${rangeOf(schema)}`;
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array': {
      const { items } = schema;
      if (Array.isArray(items)) return `a list of ${items.length} (${items.map(expectationOf).join(', ')})`;
      return schema.minItems ? 'a list that is not empty' : 'a list';
    }
    default:
      return schema.properties
        ? `an object with ${Object.keys(schema.properties as object).join(', ')}`
        : 'an object';
  }
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: TSchema): string {
  const low = exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : undefined;
  const least = minimum !== undefined ? `of at least ${minimum}` : undefined;
  const high = exclusiveMaximum !== undefined ? `below ${exclusiveMaximum}` : undefined;
  const most = maximum !== undefined ? `of at most ${maximum}` : undefined;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  const bounds = [low ?? least, high ?? most].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? '' : ` ${bounds.join(' and ')}`;
}
