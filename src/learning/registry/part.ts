import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox';
import { type JsonPlace, requireJson, shownJson, wrongJson } from '../../core/check-json.js';

/** How one kind of loss, network, sampler, optimizer or schedule is made of what is written down of it. */
export interface PartMaker<Part> {
  /** Of the options: the one source of their check, of the published JSON schema and of the type of what is made of them. */
  readonly schema: TObject;
  /** @param options that fit the schema */
  make(options: never): Part;
}

/** All makers of one kind of part, by the name that parts of that make have. */
export type PartMakers<Part> = Readonly<Record<string, PartMaker<Part>>>;

/** An entry of a registry. Types hold the schema against the options of the factory. */
export function part<Properties extends TProperties, Part>(
  properties: Properties,
  make: (options: Static<TObject<Properties>>) => Part,
): PartMaker<Part> {
  const schema = Type.Object(properties, { additionalProperties: false });
  return { schema: schema as unknown as TObject, make };
}

/**
 * Makes a part of what is written down of it: `{ name, ...options }`.
 * @throws `wrong-usage` that names the place in the document
 */
export function readPart<Part>(
  makers: PartMakers<Part>,
  kind: string,
  written: unknown,
  place: JsonPlace,
): Part {
  const fix = `name one of ${Object.keys(makers).join(', ')}`;
  if (typeof written !== 'object' || written === null || Array.isArray(written))
    throw wrongJson(place, `a ${kind} as {"name": ..., its options}`, shownJson(written), fix);
  const { name, ...options } = written as Record<string, unknown>;
  if (typeof name !== 'string' || !Object.hasOwn(makers, name))
    throw wrongJson(
      { ...place, path: [...place.path, 'name'] },
      `the name of a ${kind}`,
      shownJson(name),
      fix,
    );
  const maker = makers[name]!;
  requireJson(maker.schema, options, place);
  return maker.make(options as never);
}

/** Makes a part that has been checked already, as an option of another part is. */
export function makePart<Part>(makers: PartMakers<Part>, written: unknown): Part {
  const { name, ...options } = written as { readonly name: string };
  return makers[name]!.make(options as never);
}

/** The schema of `{ name, ...options }`, for any of the makers. */
export function partSchema(makers: PartMakers<unknown>) {
  return Type.Union(
    Object.entries(makers).map(([name, { schema }]) =>
      Type.Object({ name: Type.Literal(name), ...schema.properties }, { additionalProperties: false }),
    ),
  );
}
