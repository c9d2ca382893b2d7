import type { Routes } from '../api-server.js';
import { collectionRoutes } from './collections.js';
import { duplicateRoutes } from './duplicates.js';
import { evaluationRoutes } from './evaluation.js';
import { imageRoutes } from './images.js';
import { jobRoutes } from './jobs.js';
import { mapRoutes } from './map.js';
import { modelRoutes } from './model.js';
import { searchRoutes } from './search.js';
import { sessionRoutes } from './session.js';
import { uploadRoutes } from './uploads.js';

/**
 * All routes of the API, by part. Each is mounted under `/api/v1`. Of a route the schema says `operationId`, `tags`, what comes and
 * what goes; problems are added to it. After a change: `npm run schema`.
 */
export const routes: readonly Routes[] = [
  sessionRoutes,
  collectionRoutes,
  imageRoutes,
  searchRoutes,
  mapRoutes,
  evaluationRoutes,
  modelRoutes,
  uploadRoutes,
  jobRoutes,
  duplicateRoutes,
];
