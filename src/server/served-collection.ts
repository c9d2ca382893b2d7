import { Type } from '@sinclair/typebox';
import type { CollectionService } from '../app/service/collection-service.js';
import type { Served } from './api-server.js';
import { HttpProblem } from './problems.js';

/** The part of an address that names a collection. */
export const CollectionParams = Type.Object({
  collection: Type.String({ minLength: 1, maxLength: 200, description: 'As `GET /collections` lists it.' }),
});

/** @throws HttpProblem `not-found` */
export function servedCollection({ collections }: Served, name: string): CollectionService {
  const service = collections.get(name);
  if (service) return service;
  throw new HttpProblem(
    'not-found',
    `expected a collection that is served, got ${JSON.stringify(name.slice(0, 200))}; GET /api/v1/collections lists them`,
  );
}
