import { Type } from '@sinclair/typebox';
import type { FastifySchema } from 'fastify';
import { Problem } from '../api/index.js';
import type { ApiServer } from './api-server.js';
import { problemType } from './plugins/problem-replies.js';

const problemResponse = (description: string) => ({
  description,
  content: { [problemType]: { schema: Problem } },
});

const problemResponses = {
  '4xx': problemResponse('What was asked cannot be answered so.'),
  503: problemResponse('It cannot be answered now; ask again after `Retry-After` seconds.'),
};

/** An answer without a body. */
export const noContent = Type.Null({ description: 'Done.' });

/** Bytes of some type, as the document says it. */
export function bytesOf(description: string, ...types: readonly string[]) {
  const schema = Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' });
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

/** Adds to each route of the API which problems it may answer, so that no route has to. */
export function documentProblems(server: ApiServer): void {
  server.addHook('onRoute', (route) => {
    const schema: FastifySchema = route.schema ?? {};
    const { default: _, ...response } = (schema.response ?? {}) as { readonly default?: unknown };
    const security = route.config?.open ? { security: [] } : {};
    route.schema = { ...schema, ...security, response: { ...response, ...problemResponses } };
  });
}
