type Json = Record<string, unknown>;

const parts = ['type', 'anyOf', 'oneOf', 'allOf', 'const', 'enum'];

/**
 * Puts schemas that have a name (`title`) under `components/schemas`, once each, with a reference wherever they stood, as generators
 * of clients and readers want it. Two that differ under one name are a mistake.
 */
export function hoistNamedSchemas<T extends object>(document: T): T {
  const schemas: Record<string, unknown> = {};
  const written = new Map<string, string>();
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const walked: Json = Object.fromEntries(
      // What is an example is no schema, whatever it looks like.
      Object.entries(value).map(([key, inner]) => [
        key,
        key === 'examples' || key === 'example' ? inner : walk(inner),
      ]),
    );
    const { title } = walked;
    if (typeof title !== 'string' || !parts.some((part) => part in walked)) return walked;
    const { title: _, ...schema } = walked;
    const text = JSON.stringify(schema);
    if ((written.get(title) ?? text) !== text) throw new Error(`two schemas are named ${title}`);
    written.set(title, text);
    schemas[title] = schema;
    return { $ref: `#/components/schemas/${title}` };
  };
  const { paths, components, ...rest } = document as Json;
  const walkedPaths = walk(paths);
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...rest, components: { ...(components as Json), schemas: sorted }, paths: walkedPaths } as T;
}
