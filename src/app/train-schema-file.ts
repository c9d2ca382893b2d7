import { trainSchema } from './train-config.js';

/** Where the schema is published, from the root of the package. */
export const trainSchemaPath = 'schema/train.schema.json';

/** The bytes of that file: `npm run schema` writes them, and a test holds the file against them. */
export function trainSchemaText(): string {
  return `${JSON.stringify(trainSchema(), null, 2)}\n`;
}
