import { basename, dirname, isAbsolute, resolve } from 'node:path';
import type { NewImage, RecordMetadata } from '../../../collection/catalog/image-record.js';
import type { ForeignImage } from './exchange-format.js';

/** An image of a file to be imported, with what it was added by in the place of that's number. */
export interface ImportedImage extends Omit<NewImage, 'source'> {
  readonly source: string;
  /** Id of the model that made its vector, where it says. */
  readonly model?: string;
}

/**
 * What a row says of an image, whoever has written it. Places are taken as exported collections have them; other relative
 * paths are relative to the folder of the file, and an image without a path is named by its `id` in the file.
 * @returns what is wrong with it, where it is of no use
 */
export function imageOfFields({ where, fields }: ForeignImage, file: string): ImportedImage | string {
  const wrong = wrongField(fields);
  if (wrong !== undefined) return wrong;
  const text = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : null);
  const number = (name: string) => (typeof fields[name] === 'number' ? (fields[name] as number) : null);
  const fileItself = `import:${basename(file)}`;
  const id = fields.id === undefined || fields.id === null ? undefined : String(fields.id);
  const name = text('name') ?? id ?? text('path') ?? where;
  const path = text('path');
  const entry = text('entry') ?? (path === null ? name : '');
  return {
    path: path === null ? fileItself : entry !== '' || isAbsolute(path) ? path : resolve(dirname(file), path),
    entry,
    archived: text('archived'),
    name,
    // What embed writes as the source is as it was typed; an exported collection has it whole.
    source: (text('name') !== null && text('source')) || fileItself,
    size: number('size'),
    mtime: number('mtime'),
    sha256: text('sha256'),
    width: number('width'),
    height: number('height'),
    format: text('format'),
    label: text('label'),
    split: text('split'),
    metadata: metadataOf(fields),
    ...(text('addedAt') !== null && { addedAt: text('addedAt')! }),
    ...(text('model') !== null && { model: text('model')! }),
  };
}

const texts = [
  'name',
  'path',
  'entry',
  'archived',
  'source',
  'sha256',
  'format',
  'label',
  'split',
  'addedAt',
  'model',
];
const wholes = ['size', 'width', 'height'];
const known = new Set([...texts, ...wholes, 'id', 'mtime', 'metadata', 'row']);

function wrongField(fields: Readonly<Record<string, unknown>>): string | undefined {
  const given = (name: string) => fields[name] !== undefined && fields[name] !== null;
  const noText = texts.find((name) => given(name) && typeof fields[name] !== 'string');
  if (noText !== undefined) return `"${noText}" is no text`;
  const noNumber = wholes.find((name) => given(name) && !isWhole(fields[name]));
  if (noNumber !== undefined) return `"${noNumber}" is no whole number of at least 0`;
  if (given('mtime') && !Number.isFinite(fields.mtime)) return '"mtime" is no number';
  if (given('id') && !['string', 'number'].includes(typeof fields.id))
    return '"id" is neither a text nor a number';
  if (given('metadata') && (typeof fields.metadata !== 'object' || Array.isArray(fields.metadata)))
    return '"metadata" is no object';
  if (given('addedAt') && Number.isNaN(Date.parse(fields.addedAt as string))) return '"addedAt" is no date';
  return undefined;
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** What has no meaning here is kept beside what is metadata already, as far as JSON has it. */
function metadataOf(fields: Readonly<Record<string, unknown>>): RecordMetadata {
  const others = Object.entries(fields).filter(([name, value]) => !known.has(name) && isJson(value));
  const metadata = (fields.metadata ?? {}) as RecordMetadata;
  return others.length === 0 ? metadata : { ...Object.fromEntries(others), ...metadata };
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
