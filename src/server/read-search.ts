import type { Multipart } from '@fastify/multipart';
import type { ErrorObject } from 'ajv';
import type { FastifyRequest } from 'fastify';
import { SearchRequest } from '../api/index.js';
import type { SearchQuestion } from '../app/service/methods/search.js';
import type { ApiServer } from './api-server.js';
import { fetchQueryImages } from './fetch-query-images.js';
import { invalid, requireFlat } from './plugins/validation.js';
import { HttpProblem } from './problems.js';

/** Images that a query may name, both kinds together. */
const mostFiles = 32;

/** What is searched for, with the files that were sent, and those that are fetched. @throws HttpProblem */
export async function readSearch(server: ApiServer, request: FastifyRequest): Promise<SearchQuestion> {
  if (!request.isMultipart())
    return fetchQueryImages(
      { query: request.body as SearchRequest, files: {} },
      server.settings,
      request.signal,
    );
  const files = new Map<string, Uint8Array>();
  let text: string | undefined;
  for await (const part of request.parts({ limits: { files: mostFiles + 1 } })) {
    if (part.fieldname === 'query') {
      if (text !== undefined) throw malformed('has more than one part "query"');
      text = await queryText(part, server.settings.limits.jsonBytes);
    } else if (part.type === 'field') throw malformed(`has a part ${shown(part.fieldname)} that is no file`);
    else if (files.has(part.fieldname)) throw malformed(`has two files ${shown(part.fieldname)}`);
    else files.set(part.fieldname, await part.toBuffer());
  }
  if (text === undefined) throw malformed('has no part "query"');
  const question = { query: readQuery(request, text), files: Object.fromEntries(files) };
  return fetchQueryImages(question, server.settings, request.signal);
}

/** As a field, or as a file of JSON; no longer than a body of JSON may be, as it is read by the thread that all requests share. */
async function queryText(part: Multipart, most: number): Promise<string> {
  if (part.type === 'field') {
    if (part.valueTruncated) throw queryTooLarge(most);
    return String(part.value);
  }
  const bytes = await part.toBuffer();
  if (bytes.length > most) throw queryTooLarge(most);
  return bytes.toString();
}

function queryTooLarge(most: number): HttpProblem {
  return new HttpProblem('too-large', `the part "query" has more than ${most} bytes; send a shorter one`);
}

function readQuery(request: FastifyRequest, text: string): SearchRequest {
  let query: unknown;
  try {
    query = JSON.parse(text);
  } catch {
    throw malformed('has a part "query" that is no JSON');
  }
  requireFlat(query, 'query');
  const validate = request.compileValidationSchema(SearchRequest, 'body');
  if (!validate(query)) throw invalid((validate.errors ?? []) as ErrorObject[], 'query');
  return query as SearchRequest;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}

function malformed(what: string): HttpProblem {
  return new HttpProblem(
    'request-invalid',
    `the form ${what}; send the query as JSON, and a file under each name in it`,
  );
}
