import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filledCatalog } from '../../../test/fixtures/filled-catalog.js';
import { holds } from '../../../test/fixtures/naive-filter.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { ImagekinError } from '../../core/errors.js';
import { Catalog } from '../catalog/catalog.js';
import type { NewImage } from '../catalog/image-record.js';
import { present } from '../catalog/image-table.js';
import { compileFilter } from './compile-filter.js';
import { type columns, fieldName, fieldOf } from './field.js';
import type { Filter } from './filter.js';
import { FilteredIds } from './filtered-ids.js';
import { nearestName } from './nearest-name.js';
import { parseFilter } from './parse-filter.js';
import { type FilterInput, readFilter } from './read-filter.js';
import type { Where } from './where.js';

const shelf: Partial<NewImage>[] = [
  { name: 'cats/a.png', label: 'cat', width: 1200, height: 900, metadata: { tag: ['a', 'x'], year: 2012 } },
  { name: 'cats/B.PNG', label: 'cat', width: 640, metadata: { tag: 'b', year: '2013', city: 'New York' } },
  { name: 'dog [1].jpg', label: 'dog', width: null, metadata: { takenAt: '2024-05-01T10:30:00', ok: true } },
  {
    name: 'none.jpg',
    label: null,
    metadata: { takenAt: '2023-12-31 23:59:59', gps: { lat: 48.1 }, ok: 'true' },
  },
  {
    name: '5.jpg',
    label: '5',
    split: 'test',
    metadata: { 'lens model': "it's", 'a.b': 1, 'q"q': 1, none: null },
  },
  { name: '05.jpg', label: '05', mtime: Date.UTC(2024, 1, 29, 12), metadata: { year: 1999.5, tag: [] } },
];

const { catalog, ids } = filledCatalog(shelf);

/** Which of the shelf's images a filter holds of, counted from 0. */
function found(filter: FilterInput): number[] {
  const condition = compileFilter(readFilter(filter)!);
  return [...catalog.images.ids(condition)].map((id) => ids.indexOf(id));
}

describe('a filter', () => {
  it.each<[string, number[]]>([
    ['label = cat', [0, 1]],
    ['label==cat', [0, 1]],
    ['label != cat', [2, 3, 4, 5]],
    ['not label=cat', [2, 3, 4, 5]],
    ['label=5', [4]],
    ['label=05', [5]],
    ['label in (5, dog)', [2, 4]],
    ['label not in (5, "dog")', [0, 1, 3, 5]],
    ['label = null', [3]],
    ['label in (dog, null)', [2, 3]],
    ['missing(label) or exists(split)', [3, 4]],
    ['width > 800', [0]],
    ['width <= 640 and not label = 5', [1, 3, 5]],
    ['not width > 800', [1, 2, 3, 4, 5]],
    ['width=640', [1]],
    [`id in (${1}, ${3})`, [0, 2]],
    ['tag = a', [0]],
    ['tag in (a, b)', [0, 1]],
    ['tag != a', [1, 2, 3, 4, 5]],
    ['exists(tag)', [0, 1, 5]],
    ['year > 2000', [0, 1]],
    ['year = 2013', [1]],
    ['year < 2012.5', [0, 5]],
    ['year = "2013"', [1]],
    ['takenAt >= 2024-01-01', [2]],
    ['takenAt >= 2024', [2]],
    ['takenAt <= 2023', [3]],
    ['takenAt = 2024-05', [2]],
    ['takenAt > 2024-05', []],
    ['takenAt <= 2024-05-01T10:30', [2, 3]],
    ['takenAt < "2024-05-01 10:30"', [3]],
    ['modifiedAt = 2024-02-29', [5]],
    ['modifiedAt > 2023', [5]],
    ['modifiedAt > 2024', []],
    ['modifiedAt < 1970-01-02', [0, 1, 2, 3, 4]],
    ['addedAt > 2020', [0, 1, 2, 3, 4, 5]],
    ['addedAt < 2020-01', []],
    ['city = "New York"', [1]],
    ["city = 'New York'", [1]],
    ["`lens model` = 'it''s'", [4]],
    ['`a.b` = 1', [4]],
    ['`q"q` = 1', [4]],
    ['gps.lat > 48', [3]],
    ['metadata.year = 2013', [1]],
    ['gps = 48.1', []],
    ['ok = true', [2, 3]],
    ['ok = false', []],
    ['exists(none)', []],
    ['none = null and label = 5', [4]],
    ['name ~ "*.png"', [0, 1]],
    ['name like cats/?.*', [0, 1]],
    ['name ~ "*[1]*"', [2]],
    ['name !~ *.jpg', [0, 1]],
    ['name not like "*.jpg"', [0, 1]],
    ['NOT (label = cat OR label = dog) AND width = 4', [3, 4, 5]],
    ['label = cat and width > 800 or label = dog', [0, 2]],
    ['label = and', []],
    ['year >= 1e3 and year < +2.0125e3', [0, 5]],
  ])('holds of what it says: %s', (filter, expected) => {
    expect(found(filter)).toEqual(expected);
  });

  it.each<[Where, string]>([
    [{ label: 'cat' }, 'label = cat'],
    [{ label: 'cat', width: { gt: 800 } }, 'label = cat and width > 800'],
    [{ tag: ['a', 'b'] }, 'tag in (a, b)'],
    [{ label: null }, 'label = null'],
    [{ label: { ne: 'cat' } }, 'label != cat'],
    [{ label: { notIn: ['cat', 'dog'] } }, 'label not in (cat, dog)'],
    [{ width: { gte: 640, lt: 1200 } }, 'width >= 640 and width < 1200'],
    [{ or: [{ label: 'dog' }, { not: { 'gps.lat': { exists: true } } }] }, 'label = dog or missing(gps.lat)'],
    [{ '`a.b`': 1, name: { like: '*.jpg' } }, '`a.b` = 1 and name ~ *.jpg'],
    [{ takenAt: { lte: '2024-05' } }, 'takenAt <= 2024-05'],
    [{ ok: true }, 'ok = true'],
  ])('is the same as an object: %j', (where, text) => {
    expect(readFilter(where)).toEqual(parseFilter(text));
  });

  it('holds of all where an object asks nothing, and dates may be given as such', () => {
    expect(found({})).toEqual([0, 1, 2, 3, 4, 5]);
    expect(found({ or: [] })).toEqual([]);
    expect(found({ modifiedAt: { gte: new Date(Date.UTC(2024, 1, 29, 12)) } })).toEqual([5]);
    expect(found({ modifiedAt: { gt: new Date(Date.UTC(2024, 1, 29, 12)) } })).toEqual([]);
  });

  it('is all of several', () => {
    expect(found(['label = cat or label = dog', { width: { lt: 1000 } }])).toEqual([1]);
  });

  it.each([
    ['label = New York', 12, 'quote text with spaces: "New York"'],
    ['label =', 7, 'write a word, a number'],
    ['', 0, 'write for example label = cat'],
    ['label', 5, 'exists(label)'],
    ['label = cat && width > 8', 12, 'write and'],
    ['! label = cat', 0, 'write not'],
    ['(label = cat', 12, 'close the parenthesis'],
    ['label = cat)', 11, 'take it away'],
    ['width > wide', 8, 'width > 100'],
    ['width in (1, wide)', 13, 'width > 100'],
    ['width ~ 1*', 8, 'compare width by'],
    ['addedAt > soon', 10, '2024-01-31'],
    ['modifiedAt > 2024-13-01', 13, '2024-01-31'],
    ['label > null', 8, 'missing'],
    ['flag > true', 7, 'flag = true'],
    ['label = "cat', 8, 'end the text by "'],
    ['`label = 3', 0, 'lens model'],
    ['label => cat', 7, 'write >= for that'],
    ['label in cat', 9, 'label in (a, b)'],
    ['label in (cat dog)', 14, 'commas'],
    ['label not = cat', 10, 'not in'],
    ['label is cat', 6, 'write label ='],
    ['a..b = 1', 0, 'one dot'],
    ['exists(label', 12, 'exists(label)'],
    ['"label" = cat', 0, '`label`'],
    ['label = cat, dog', 11, 'in (a, b)'],
  ])('that is wrong says where and what to write: %s', (text, at, fix) => {
    const error = errorOf(() => parseFilter(text));
    expect(error.code).toBe('filter-invalid');
    expect(error.message).toContain(`filter, character ${at + 1}: expected `);
    expect(error.message).toContain(fix);
    expect(error.shown).toBe(`  ${text}\n  ${' '.repeat(at)}^`);
  });

  it.each<[unknown, string]>([
    [{ width: 'wide' }, 'a number for width'],
    [{ label: { near: 3 } }, 'eq, ne, lt'],
    [{ label: { gt: null } }, 'an order'],
    [{ or: { label: 'cat' } }, 'a list of filters'],
    [{ not: 3 }, 'an object'],
    [{ label: { in: 'cat' } }, 'a list of values'],
    [{ size: Number.NaN }, 'a finite number'],
    [{ 'a..b': 1 }, 'the name of a field'],
  ])('that is wrong as an object says so: %j', (where, expected) => {
    const error = errorOf(() => readFilter(where as Where));
    expect(error.code).toBe('filter-invalid');
    expect(error.message).toContain(expected);
  });

  it('may be long, but not too deep', () => {
    const many = Array.from({ length: 99 }, (_, i) => `x = ${i}`).join(' or ');
    expect(found(`${many} or label = cat`)).toEqual([0, 1]);
    expect(found({ id: Array.from({ length: 50_000 }, (_, i) => i + 2) })).toEqual([1, 2, 3, 4, 5]);
    expect(errorOf(() => parseFilter(`${'('.repeat(60)}a=1${')'.repeat(60)}`)).message).toContain('flatter');
    expect(errorOf(() => parseFilter(`${many} or a = 1 or b = 1`)).message).toContain('field in (a, b, c)');
    const nots = `${'not '.repeat(49)}label = cat`;
    expect(found(nots)).toEqual([2, 3, 4, 5]);
  });

  it('puts nothing that a user wrote into the statement', () => {
    const nasty = `"'; DROP TABLE images; --`;
    const where: Where = {
      "`x'; DROP`": nasty,
      label: nasty,
      'y.z)': { lt: nasty },
      name: { like: nasty },
      tag: [nasty, 1, true],
    };
    const { sql } = compileFilter(readFilter(where)!);
    expect(sql).not.toMatch(/DROP|y\.z|tag/);
    expect(found(where)).toEqual([]);
  });
});

describe('FilteredIds', () => {
  it('remembers until something is written, whoever writes', async () => {
    const { catalog, put, ids } = filledCatalog(
      [{ label: 'cat' }, { label: 'dog' }],
      join(await temporaryDirectory(), 'catalog.sqlite'),
    );
    const filtered = new FilteredIds(catalog);
    const cats = parseFilter('label = cat');
    const first = filtered.of(cats);
    expect([...first.ids]).toEqual([ids[0]]);
    expect(filtered.of(cats)).toBe(first);
    const [more] = put([{ label: 'cat' }], 2);
    expect([...filtered.of(cats).ids]).toEqual([ids[0], more]);
    const other = Catalog.open(catalog.db.path);
    other.write(() => other.images.markMissing([ids[0]!]));
    other.close();
    expect([...filtered.of(cats).ids]).toEqual([more]);
  });

  it('tells keys that no image has, and what may have been meant', () => {
    const filtered = new FilteredIds(catalog);
    const unknown = (text: string) => filtered.of(parseFilter(text)).unknownKeys;
    expect(unknown('lable = cat')).toEqual([{ name: 'lable', meant: 'label' }]);
    expect(unknown('taken_at > 2024 or gps.lap = 1')).toEqual([
      { name: 'taken_at', meant: 'takenAt' },
      { name: 'gps.lap', meant: 'gps.lat' },
    ]);
    expect(unknown('elsewhere = 1')).toEqual([{ name: 'elsewhere', meant: undefined }]);
    expect(unknown('year = 1 and `lens model` = 2 and none = null')).toEqual([]);
  });
});

describe('nearestName', () => {
  it('is the one of the fewest changes, where these are few', () => {
    expect(nearestName('widht', ['height', 'width'])).toBe('width');
    expect(nearestName('LABEL', ['label', 'lab'])).toBe('label');
    expect(nearestName('colour', ['label', 'width'])).toBeUndefined();
  });
});

describe('filters of all kinds on records of all kinds', () => {
  const text = fc.oneof(
    fc.constantFrom(
      '',
      'a',
      'b',
      'A',
      'aB',
      '5',
      '05',
      '2024',
      ' 7 ',
      '1e1',
      'true',
      '*',
      '[x]',
      '0x1',
      '.5',
      'é',
      '🦊',
      '\u{ffff}',
    ),
    fc.constantFrom(
      '2024-05',
      '2024-05-01',
      '2024-05-01T10:30:00',
      '2024-05-01 10:30:00',
      '2023-12-31T23:59:59Z',
      '2024-05x',
    ),
    fc.string({ maxLength: 4 }),
  );
  const number = fc.oneof(fc.integer({ min: -3, max: 8 }), fc.constantFrom(2023, 2024, 0.5, 1e21, -1e-7, 10));
  const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
  const key = fc.constantFrom(
    'k',
    'l',
    'with space',
    'q"q',
    'back\\slash',
    'dot.dot',
    'é',
    '3',
    '',
    '[0]',
    "it's",
    'new\nline',
  );
  const value = fc.oneof(
    { weight: 4, arbitrary: scalar },
    fc.array(fc.oneof(scalar, fc.constant({ k: 1 }), fc.constant([1])), { maxLength: 3 }),
    fc.dictionary(key, scalar, { maxKeys: 2 }),
  );
  const record = fc.record({
    label: fc.option(text),
    split: fc.option(fc.constantFrom('train', 'test')),
    width: fc.option(fc.integer({ min: 0, max: 9 })),
    size: fc.option(fc.integer({ min: 0, max: 9 })),
    mtime: fc.option(fc.integer({ min: Date.UTC(2023, 11, 30), max: Date.UTC(2024, 5, 1) })),
    name: text,
    metadata: fc.dictionary(key, value, { maxKeys: 4 }),
  });

  const keys = fc.array(key, { minLength: 1, maxLength: 2 }).filter((path) => path.join() !== 'metadata');
  const order = fc.constantFrom('<', '<=', '>', '>=' as const);
  const dates = fc.constantFrom('2024', '2023-12', '2024-05-01', '2024-05-01T10:30', '2023-12-31T23:59:59');
  const comparable = fc.oneof(text, number);
  const columnsOf = (...names: (keyof typeof columns)[]) =>
    fc.constantFrom(...names.map((column) => ({ column })));
  const over = (
    field: fc.Arbitrary<Filter extends { field: infer F } ? F : never> | fc.Arbitrary<unknown>,
    values: fc.Arbitrary<unknown>,
  ) =>
    fc.oneof(
      fc.record({
        kind: fc.constant('equals'),
        field,
        values: fc.array(values, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('compare'), field, order, value: values }),
      fc.record({ kind: fc.constant('exists'), field }),
    );
  const ofKeys = keys.map((path) => ({ keys: path }));
  const leaf = fc.oneof(
    over(ofKeys, comparable),
    fc.record({
      kind: fc.constant('equals'),
      field: ofKeys,
      values: fc.array(fc.oneof(comparable, fc.boolean())),
    }),
    fc.record({
      kind: fc.constant('like'),
      field: fc.oneof(ofKeys, columnsOf('name', 'label')),
      pattern: text.map((t) => `${t}*`),
    }),
    over(columnsOf('label', 'name', 'split'), text),
    over(columnsOf('width', 'size', 'id'), number),
    over(columnsOf('modifiedAt', 'addedAt'), dates),
  );
  const { filter } = fc.letrec<{ filter: unknown }>((tie) => ({
    filter: fc.oneof(
      { weight: 4, arbitrary: leaf },
      fc.record({ kind: fc.constant('not'), filter: tie('filter') }),
      fc.record({ kind: fc.constantFrom('and', 'or'), filters: fc.array(tie('filter'), { maxLength: 3 }) }),
    ),
  }));

  it('hold of exactly what a plain reading of them holds of', () => {
    const { catalog, put } = filledCatalog([]);
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 12 }),
        fc.array(filter, { minLength: 1, maxLength: 8 }),
        (records, filters) => {
          catalog.images.remove(catalog.images.ids());
          put(records);
          const all = [...catalog.images.each(present)];
          for (const one of filters as Filter[]) {
            const expected = all.filter((image) => holds(one, image)).map(({ id }) => id);
            expect([...catalog.images.ids(compileFilter(one))], JSON.stringify(one)).toEqual(expected);
          }
        },
      ),
      { numRuns: 300, seed: Number(process.env.FILTER_SEED ?? 7) },
    );
  });

  it('are read back from the text that writes them', () => {
    fc.assert(
      fc.property(
        keys.filter((path) => !path.includes('')),
        text,
        (path, wanted) => {
          const field = fieldOf(path);
          const quoted = `'${wanted.replaceAll("'", "''")}'`;
          expect(parseFilter(`${fieldName(field)} = ${quoted}`)).toEqual({
            kind: 'equals',
            field,
            values: [wanted],
          });
        },
      ),
    );
  });
});

function errorOf(work: () => unknown): ImagekinError {
  try {
    work();
  } catch (error) {
    if (error instanceof ImagekinError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
