import type { Schemas } from './schemas.js';

/** A question that was not answered, with what the server says about it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Schemas['Problem'];
  /** Seconds after which to ask again, where the server says so. */
  readonly retryAfter: number | undefined;

  constructor(problem: Schemas['Problem'], retryAfter?: number) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }

  /** Of an answer that is no success, whatever is in it. */
  static async of(response: Response): Promise<ApiError> {
    const after = Number(response.headers.get('retry-after') ?? Number.NaN);
    return new ApiError(await problemIn(response), Number.isFinite(after) ? after : undefined);
  }
}

/** A proxy on the way may answer in its own words. */
async function problemIn(response: Response): Promise<Schemas['Problem']> {
  const { status, statusText } = response;
  const text = await response.text().catch(() => '');
  if (response.headers.get('content-type')?.startsWith('application/problem+json'))
    try {
      return JSON.parse(text);
    } catch {}
  const title = statusText || `status ${status}`;
  return {
    type: 'about:blank',
    title,
    status,
    detail: `expected a problem of imagekin, got status ${status}: ${text.slice(0, 200)}`,
    code: 'http',
  };
}
