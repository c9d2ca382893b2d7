// Writes what is published of schemas and made of them anew. After the parts of recipes or the options of a run have changed:
// schema/train.schema.json. After a route or what is said by one has changed: schema/openapi.json, and the types of the client.
// npm run schema
import { readFile, writeFile } from 'node:fs/promises';
import openapiTypes, { astToString } from 'openapi-typescript';
import { trainSchemaPath, trainSchemaText } from '../dist/app/train-schema-file.js';
import { openApiPath, openApiText } from '../dist/server/openapi-document.js';

const root = new URL('../', import.meta.url);

await writeFile(new URL(trainSchemaPath, root), trainSchemaText());
await writeFile(new URL(openApiPath, root), await openApiText());

const document = JSON.parse(await readFile(new URL(openApiPath, root), 'utf8'));
const types = astToString(await openapiTypes(document, { alphabetize: false, defaultNonNullable: false }));
const head = `// Made of ${openApiPath} by npm run schema. Not to be changed by hand.\n\n`;
await writeFile(new URL('src/client/api-types.ts', root), head + types);
