import { ImagekinError } from '../../core/errors.js';
import { type Field, fieldOf } from './field.js';
import { tokensOf } from './tokens.js';

/**
 * Names of fields with commas between, as they stand in filters: `label, gps.lat, \`lens model\``.
 * @throws `filter-invalid`
 */
export function readFields(text: string): Field[] {
  const fields: Field[] = [];
  const tokens = tokensOf(text);
  for (let at = 0; ; at += 2) {
    const [name, next] = [tokens[at], tokens[at + 1]];
    const keys = name?.keys ?? (name?.kind === 'word' ? name.text.split('.') : ['']);
    if (keys.includes('')) throw misread(text, name?.kind === 'end' ? 'the end' : `"${name?.text}"`);
    fields.push(fieldOf(keys));
    if (next?.kind === 'end') return fields;
    if (next?.kind !== ',') throw misread(text, `"${next?.text}"`);
  }
}

function misread(text: string, got: string): ImagekinError {
  return new ImagekinError('filter-invalid', {
    where: `fields "${text.slice(0, 100)}"`,
    expected: 'names of fields with commas between',
    got,
    fix: 'write for example label, camera, `lens model`',
  });
}
