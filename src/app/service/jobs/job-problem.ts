import type { Problem } from '../../../api/index.js';
import { errorCodes, ImagekinError, messageOf } from '../../../core/errors.js';

/** Why a job failed, where nobody says it otherwise. */
export function jobProblem(error: unknown): Problem {
  const code = error instanceof ImagekinError ? error.code : 'internal';
  return {
    type: `urn:imagekin:${code}`,
    title: code === 'internal' ? 'an error that was not foreseen' : errorCodes[code],
    status: 500,
    detail: messageOf(error),
    code,
    ...(error instanceof ImagekinError && error.shown !== undefined && { shown: error.shown }),
  };
}
