import { Failure, type Job, onUnauthorized, type Problem } from '../api.js';

/**
 * Sends files in one request, and tells how far it is: `fetch` cannot say that of what it sends.
 *
 * @throws Failure, or an `AbortError`
 */
export function sendFiles(
  collection: string,
  files: readonly File[],
  label: string | undefined,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Job> {
  const form = new FormData();
  // Before the files, so that the server knows it when they arrive.
  if (label) form.set('label', label);
  for (const file of files) form.append('files', file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/collections/${encodeURIComponent(collection)}/images`);
    request.responseType = 'json';
    request.upload.addEventListener('progress', (event) => onSent(event.loaded));
    request.addEventListener('load', () => {
      if (request.status < 300) resolve(request.response as Job);
      else {
        if (request.status === 401) onUnauthorized.call();
        reject(new Failure(problemOf(request)));
      }
    });
    request.addEventListener('error', () => reject(new Failure(problemOf(request))));
    request.addEventListener('abort', () =>
      reject(new DOMException('The upload was cancelled.', 'AbortError')),
    );
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}

function problemOf({ status, response, statusText }: XMLHttpRequest): Problem {
  const said = response as Partial<Problem> | null;
  if (said?.detail && said.title) return said as Problem;
  return {
    type: 'about:blank',
    title: statusText || 'The upload was cut off',
    status: status || 503,
    code: status === 0 ? 'unreachable' : 'unknown',
    detail:
      status === 0
        ? 'Expected the server to take the files, but the connection was cut. See whether `imagekin serve` is running.'
        : `The server answered with status ${status}.`,
  };
}
