// Writes schema/train.schema.json anew, after the parts of recipes or the options of a run have changed: npm run schema
import { writeFile } from 'node:fs/promises';
import { trainSchemaPath, trainSchemaText } from '../dist/app/train-schema-file.js';

await writeFile(new URL(`../${trainSchemaPath}`, import.meta.url), trainSchemaText());
