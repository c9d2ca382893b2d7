import type { components } from './api-types.js';

/** What is said over HTTP, by name: `Schemas['ImageSummary']`. */
export type Schemas = components['schemas'];
export type Schema<Name extends keyof Schemas> = Schemas[Name];
