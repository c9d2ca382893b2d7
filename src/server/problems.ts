import type { Problem } from '../api/index.js';
import { type ErrorCode, errorCodes, ImagekinError } from '../core/errors.js';

/** What each error of imagekin is to HTTP. A code that is missing here does not compile. */
export const statusOf: Readonly<Record<ErrorCode, number>> = {
  'wrong-usage': 400,
  'unknown-source': 400,
  'source-missing': 409,
  'source-damaged': 422,
  'checksum-mismatch': 500,
  'download-failed': 422,
  'empty-source': 422,
  'too-few-images': 409,
  'image-undecodable': 422,
  'file-not-found': 404,
  'file-not-writable': 503,
  'model-foreign': 500,
  'model-damaged': 500,
  'backbone-unsuitable': 500,
  'checkpoint-damaged': 500,
  'checkpoint-mismatch': 409,
  'training-diverged': 500,
  'training-collapsed': 500,
  'shape-mismatch': 500,
  'queries-differ': 409,
  'no-gradient': 500,
  'device-unavailable': 500,
  'collection-missing': 404,
  'collection-damaged': 500,
  'collection-newer': 500,
  'collection-busy': 503,
  'model-mismatch': 409,
  'model-missing': 409,
  'image-not-found': 404,
  'images-unreadable': 409,
  'filter-invalid': 400,
  'index-unavailable': 503,
  'watch-failed': 500,
  'service-unavailable': 503,
  'not-computed': 409,
  'out-of-memory': 503,
  'engine-failed': 500,
};

/** What goes wrong in speaking HTTP, which the rest of imagekin knows nothing of. */
export const httpProblems = {
  'request-invalid': { status: 400, title: 'a request that is not as the API describes it' },
  'token-wrong': { status: 401, title: 'a request without the token of this server' },
  forbidden: { status: 403, title: 'a request that this server does not take' },
  'address-refused': { status: 403, title: 'an address that no image is fetched from' },
  'read-only': { status: 403, title: 'a change, asked of a server that is read only' },
  'not-found': { status: 404, title: 'an address where nothing is' },
  'method-not-allowed': { status: 405, title: 'a method that this address does not have' },
  'not-acceptable': { status: 406, title: 'a body of a type that is not taken here' },
  'request-timeout': { status: 408, title: 'a request that did not come in time' },
  'length-required': { status: 411, title: 'an upload that does not say how long it is' },
  'too-large': { status: 413, title: 'more than is taken at once' },
  'media-type-unknown': { status: 415, title: 'a body of a type that is not taken here' },
  'range-invalid': { status: 416, title: 'a part that the file does not have' },
  'too-many-requests': { status: 429, title: 'more requests than can be worked on' },
  'headers-too-large': { status: 431, title: 'more headers than are taken' },
  internal: { status: 500, title: 'an error of the server' },
  stopping: { status: 503, title: 'a server that is being stopped' },
  'answer-timeout': { status: 503, title: 'an answer that took too long' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type HttpProblemCode = keyof typeof httpProblems;

/** Thrown where a request is refused for what it is to HTTP. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  /** Fastify writes it where it is missing. */
  readonly statusCode: number;

  constructor(
    readonly code: HttpProblemCode,
    detail: string,
    /** Seconds after which to ask again. */
    readonly retryAfter?: number,
  ) {
    super(detail);
    this.statusCode = httpProblems[code].status;
  }
}

/** Anything thrown as it is told to whoever asked. Errors that nobody expected tell nothing of themselves. */
export function problemOf(thrown: unknown, instance?: string): Problem {
  if (thrown instanceof ImagekinError) {
    const { code, message, shown } = thrown;
    const status = statusOf[code];
    return { ...problem(code, status, errorCodes[code], message, instance), ...(shown && { shown }) };
  }
  const { code, detail } = describe(thrown);
  const { status, title } = httpProblems[code];
  return problem(code, status, title, detail, instance);
}

function problem(code: string, status: number, title: string, detail: string, instance?: string): Problem {
  return {
    type: `urn:imagekin:${code}`,
    title,
    status,
    detail,
    code,
    ...(instance !== undefined && { instance }),
  };
}

/** What the parser of forms throws, whose errors have neither a code nor a status. */
const brokenForm =
  /^(Unexpected end of multipart data|\w+ terminated early due to|Multipart: Boundary not|The needle cannot)/;

function describe(thrown: unknown): { readonly code: HttpProblemCode; readonly detail: string } {
  if (thrown instanceof HttpProblem) return { code: thrown.code, detail: thrown.message };
  const { statusCode, code = '', message } = thrown as Error & { statusCode?: number; code?: string };
  if (code === 'FST_ERR_HANDLER_TIMEOUT')
    return { code: 'answer-timeout', detail: 'the answer took too long; ask again, or for less' };
  if (thrown instanceof Error && brokenForm.test(message))
    return {
      code: 'request-invalid',
      detail: 'the form is not whole, or not put together as multipart/form-data is',
    };
  // Of Fastify and its plugins, whose errors of this kind are about the request and meant to be read.
  const known = Object.entries(httpProblems).find(([, { status }]) => status === statusCode);
  const ofRequest = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  if (known && (ofRequest || statusCode === 503))
    return { code: known[0] as HttpProblemCode, detail: message };
  if (ofRequest) return { code: 'request-invalid', detail: message };
  return { code: 'internal', detail: 'something went wrong here; the log of the server says what' };
}
