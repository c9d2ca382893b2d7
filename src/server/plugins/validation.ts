import { Ajv, type ErrorObject } from 'ajv';
import type { ApiServer } from '../api-server.js';
import { isDeeperThan } from '../is-deeper-than.js';
import { HttpProblem } from '../problems.js';

/**
 * Holds requests against the schemas of their routes. A body is taken as it stands: nothing in it is converted, and fields that a
 * schema does not have are refused and not dropped, so that a name that was mistyped is known. Addresses are text, and converted.
 *
 * Answers are written as they are. That they are as their schema says is what types and tests are for; to hold each against it
 * again, item by item, takes longer than to write it.
 */
export function validateBySchemas(server: ApiServer): void {
  const options = { useDefaults: true, strict: false, addUsedSchema: false } as const;
  const exact = new Ajv(options);
  const fromText = new Ajv({ ...options, coerceTypes: 'array' });
  server.setValidatorCompiler(({ schema, httpPart, ...route }) => {
    // Read by the handler, part by part.
    if ((route as { contentType?: string }).contentType?.startsWith('multipart/')) return () => true;
    return (httpPart === 'body' ? exact : fromText).compile(schema as object);
  });
  server.addHook('preValidation', async ({ body, headers, routeOptions }) => {
    requireFlat(body, 'body');
    const types = Object.keys((routeOptions.schema?.body as { content?: object } | undefined)?.content ?? {});
    const type = /^[^;]*/
      .exec(headers['content-type'] ?? '')![0]
      .trim()
      .toLowerCase();
    // Where bodies have schemas by their types, one of another type, or none, is held against none of them.
    if (types.length > 0 && !types.includes(type))
      throw new HttpProblem(
        'media-type-unknown',
        `expected a body of ${types.join(' or ')}, got ${shown(type)}`,
      );
  });
  server.setSchemaErrorFormatter((errors, part) => invalid(errors as ErrorObject[], part));
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
}

/** Levels of JSON. Neither threads nor the database take any number of them; a filter may have some 100. */
const mostLevels = 200;

/** @throws HttpProblem */
export function requireFlat(json: unknown, part: string): void {
  if (!isDeeperThan(json, mostLevels)) return;
  throw new HttpProblem('request-invalid', `${part} has more than ${mostLevels} levels of lists and objects`);
}

/** A problem with what was sent, by the first that does not hold. */
export function invalid(errors: readonly ErrorObject[], part: string): HttpProblem {
  const [first] = errors;
  const place = `${part}${first?.instancePath ?? ''}`.replaceAll('/', '.');
  const { additionalProperty, allowedValues } = (first?.params ?? {}) as {
    additionalProperty?: string;
    allowedValues?: unknown[];
  };
  const said =
    additionalProperty !== undefined
      ? `has no field ${JSON.stringify(additionalProperty.slice(0, 100))}`
      : allowedValues !== undefined
        ? `must be one of ${allowedValues.join(', ')}`
        : (first?.message ?? 'is not as described');
  return new HttpProblem('request-invalid', `${place} ${said}; /docs describes what is taken`);
}

function shown(type: string): string {
  return type === '' ? 'none' : JSON.stringify(type.slice(0, 100));
}
