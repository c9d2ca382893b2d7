import type { Routes } from '../api-server.js';
import { collectionRoutes } from './collections.js';
import { editRoutes } from './edits.js';
import { evaluationRoutes } from './evaluation.js';
import { mapRoutes } from './map.js';
import { modelRoutes } from './model.js';
import { sessionRoutes } from './session.js';

/**
 * All routes of the API, by part. Each is mounted under `/api/v1`. Of a route the schema says `operationId`, `tags`, what comes and
 * what goes; problems are added to it. After a change: `npm run schema`.
 */
export const routes: readonly Routes[] = [
  sessionRoutes,
  collectionRoutes,
  mapRoutes,
  evaluationRoutes,
  modelRoutes,
  editRoutes,
];
