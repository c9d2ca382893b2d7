export { ApiError } from './api-error.js';
export type { components, operations, paths } from './api-types.js';
export { type ApiClient, type ClientOptions, createClient } from './create-client.js';
export type { Schema, Schemas } from './schemas.js';
export type { SearchFile } from './search-form.js';
export type { WatchOptions } from './watch-jobs.js';
