import type { Jobs } from '../app/service/jobs/jobs.js';
import { HttpProblem } from './problems.js';

const refuse = () => {
  throw new HttpProblem('read-only', 'this server does no work that changes anything');
};

/** Of a server that changes nothing. */
export const noJobs: Jobs = {
  list: () => [],
  get: () => undefined,
  failures: async () => undefined,
  start: refuse,
  upload: refuse,
  cancel: refuse,
  retry: refuse,
  subscribe: () => () => {},
  close: async () => {},
};
