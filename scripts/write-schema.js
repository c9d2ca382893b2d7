// Writes what is published of schemas and made of them anew. After the parts of recipes or the options of a run have changed:
// schema/train.schema.json. After a route or what is said by one has changed: schema/openapi.json, and the types of the client.
// npm run schema
import { writeFile } from 'node:fs/promises';
import openapiTypes, { astToString } from 'openapi-typescript';
import { trainSchemaPath, trainSchemaText } from '../dist/app/train-schema-file.js';
import { openApiPath, openApiText } from '../dist/server/openapi-document.js';

const root = new URL('../', import.meta.url);

await writeFile(new URL(trainSchemaPath, root), trainSchemaText());
const openApi = await openApiText();
await writeFile(new URL(openApiPath, root), openApi);

const types = astToString(
  await openapiTypes(JSON.parse(openApi), { alphabetize: false, defaultNonNullable: false }),
);
const head = `// Made of ${openApiPath} by npm run schema. Not to be changed by hand.\n\n`;
await writeFile(new URL('src/client/api-types.ts', root), head + types);
