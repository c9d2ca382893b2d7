import type { JobKindRule, RequestOf, StoredRequest } from './job-kind.js';
import { add } from './kinds/add.js';
import { duplicates } from './kinds/duplicates.js';
import { evaluate } from './kinds/evaluate.js';
import { map } from './kinds/map.js';
import { reindex } from './kinds/reindex.js';
import { restore } from './kinds/restore.js';
import { trash } from './kinds/trash.js';
import { upload } from './kinds/upload.js';

/** All kinds of jobs. To add one: a file in `kinds/`, a line here, and its request in `src/api/jobs.ts`. */
export const jobKindRules: { readonly [Kind in StoredRequest['kind']]: JobKindRule<RequestOf<Kind>> } = {
  upload,
  add,
  reindex,
  evaluate,
  map,
  duplicates,
  trash,
  restore,
};

/** The rule of a request's kind. */
export function ruleOf(request: StoredRequest): JobKindRule<StoredRequest> {
  return jobKindRules[request.kind] as JobKindRule<StoredRequest>;
}
