/** An answer of a server, as `fetch` gives it. */
export type ServerAnswer = Response;

export interface FetchOptions {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** A bearer token, for the server of the URL alone. */
  readonly token?: string;
  readonly signal?: AbortSignal;
  /** Whether to follow a redirect to another place. Default: all are followed. */
  readonly follows?: (to: URL, from: URL) => boolean;
}

const mostRedirects = 10;

/**
 * `fetch`, with redirects followed by hand: a token goes to the server that it is for and never to another that this one
 * sends on to, whatever the version of Node.js does.
 * @returns the last answer, which is a redirect where that was not to be followed, and all headers on the way to it
 */
export async function fetchByHand(
  url: string,
  { method = 'GET', headers = {}, token, signal, follows = () => true }: FetchOptions,
): Promise<{ readonly response: ServerAnswer; readonly passed: readonly Headers[] }> {
  const first = new URL(url);
  const passed: Headers[] = [];
  let at = first;
  for (let redirects = 0; ; redirects++) {
    const mayKnow = token !== undefined && at.origin === first.origin;
    const response = await fetch(at, {
      method,
      redirect: 'manual',
      signal,
      headers: { ...headers, ...(mayKnow && { authorization: `Bearer ${token}` }) },
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return { response, passed };
    const to = new URL(location, at);
    if (!follows(to, at)) return { response, passed };
    await response.body?.cancel();
    if (redirects === mostRedirects) throw new Error(`more than ${mostRedirects} redirects`);
    passed.push(response.headers);
    at = to;
  }
}

/** The HTTP status that an error carries, if it is about one. */
export function statusOf(thrown: unknown): number | undefined {
  const { status } = (thrown ?? {}) as { readonly status?: unknown };
  return typeof status === 'number' ? status : undefined;
}
