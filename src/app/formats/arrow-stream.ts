import type { DataType } from 'apache-arrow';

/** Text that many rows have in common, by its number. */
export interface ArrowTexts {
  /** Of each row; −1 of those without any. */
  readonly codes: Int32Array;
  readonly texts: readonly string[];
}

/** Columns of one length by name. */
export type ArrowColumns = Readonly<
  Record<string, Uint16Array | Uint32Array | Int32Array | Float32Array | ArrowTexts>
>;

/**
 * An Arrow stream of numbers and of texts by dictionary, in one batch: whoever reads it has each column as the typed array
 * that it is, without a copy.
 */
export async function arrowStream(columns: ArrowColumns): Promise<Uint8Array> {
  const arrow = await import('apache-arrow');
  const numberOf = (values: ArrowNumbers): DataType => {
    if (values instanceof Uint16Array) return new arrow.Uint16();
    if (values instanceof Uint32Array) return new arrow.Uint32();
    return values instanceof Int32Array ? new arrow.Int32() : new arrow.Float32();
  };
  const data = Object.values(columns).map((column, number) => {
    if (!('codes' in column))
      return arrow.makeData({ type: numberOf(column) as never, length: column.length, data: column });
    const { codes, texts } = column;
    const [nullCount, nullBitmap] = validityOf(codes);
    return arrow.makeData({
      type: new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), number),
      length: codes.length,
      nullCount,
      nullBitmap,
      // What stands where there is nothing must be a number of the dictionary all the same.
      data: nullCount === 0 ? codes : codes.map((code) => Math.max(0, code)),
      dictionary: arrow.vectorFromArray(texts, new arrow.Utf8()),
    });
  });
  const fields = Object.entries(columns).map(
    ([name, column], i) => new arrow.Field(name, data[i]!.type, 'codes' in column),
  );
  const schema = new arrow.Schema(fields);
  const struct = arrow.makeData({
    type: new arrow.Struct(fields),
    length: data[0]!.length,
    nullCount: 0,
    children: data,
  });
  const writer = new arrow.RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  writer.write(new arrow.RecordBatch(schema, struct));
  writer.finish();
  return writer.toUint8Array(true);
}

type ArrowNumbers = Exclude<ArrowColumns[string], ArrowTexts>;

/** How many rows have no text, and a bit for each of those that have. */
function validityOf(codes: Int32Array): readonly [nullCount: number, bitmap: Uint8Array] {
  const bitmap = new Uint8Array(Math.ceil(codes.length / 8));
  let nullCount = 0;
  for (const [row, code] of codes.entries())
    if (code < 0) nullCount++;
    else bitmap[row >> 3]! |= 1 << (row & 7);
  return [nullCount, bitmap];
}
