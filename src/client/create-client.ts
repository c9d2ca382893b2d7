import createOpenApiClient, { type Client, type FetchResponse, type MaybeOptionalInit } from 'openapi-fetch';
import { ApiError } from './api-error.js';
import type { paths } from './api-types.js';
import type { Schemas } from './schemas.js';
import { type SearchFile, searchForm } from './search-form.js';
import { type WatchOptions, watchJobs } from './watch-jobs.js';

export interface ClientOptions {
  /** Where the server is, as `http://127.0.0.1:4090`. Default: where the page came from. */
  readonly baseUrl?: string;
  /** Of a server that was started with one. A page has a session in its place. */
  readonly token?: string;
  /** In the place of `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

type PathsWith<M extends Method> = {
  [Path in keyof paths]: paths[Path] extends { [_ in M]: unknown } ? Path : never;
}[keyof paths];

type Data<Operation, Init> =
  Operation extends Record<string | number, unknown>
    ? Extract<FetchResponse<Operation, Init, `${string}/${string}`>, { data: unknown }>['data']
    : never;

/** Asks by one method: the path as the document has it, its parameters and body; gives what the answer holds. */
export type Ask<M extends Method> = <
  Path extends PathsWith<M>,
  Init extends MaybeOptionalInit<paths[Path], M>,
>(
  path: Path,
  ...init: undefined extends Init ? [init?: Init] : [init: Init]
) => Promise<Data<paths[Path][M], Init>>;

/**
 * A server of imagekin, asked in the types of its document. Everything but success is thrown.
 *
 * ```js
 * const imagekin = createClient({ baseUrl: 'http://127.0.0.1:4090' });
 * const { collections } = await imagekin.get('/api/v1/collections');
 * const { hits } = await imagekin.search('photos', { like: [{ file: 'cat' }] }, { files: { cat: blob } });
 * ```
 */
export interface ApiClient {
  readonly get: Ask<'get'>;
  readonly post: Ask<'post'>;
  readonly put: Ask<'put'>;
  readonly patch: Ask<'patch'>;
  readonly delete: Ask<'delete'>;
  /** The same with the answer beside what it holds, and whatever openapi-fetch has besides. */
  readonly raw: Client<paths>;
  /** @param options.files the bytes of the images that the query names as `file` */
  search(
    collection: string,
    query: Schemas['SearchRequest'],
    options?: { readonly files?: Readonly<Record<string, SearchFile>>; readonly signal?: AbortSignal },
  ): Promise<Schemas['SearchResponse']>;
  /** Sends image files to be added. */
  upload(
    collection: string,
    files: readonly (Blob & { readonly name?: string })[],
    options?: { readonly label?: string; readonly signal?: AbortSignal },
  ): Promise<Schemas['Job']>;
  /** Each change of jobs as it happens, until the signal is aborted; of one job, until it has ended. */
  watchJobs(options?: WatchOptions): AsyncGenerator<Schemas['Job'], void, undefined>;
  /** Where a picture is, for the `src` of an image. */
  pictureUrl(
    collection: string,
    image: { readonly id: number; readonly version?: string },
    kind: 'thumbnail' | 'original' | 'preview',
  ): string;
}

/** @see ApiClient */
export function createClient({ baseUrl = '', token, fetch }: ClientOptions = {}): ApiClient {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const base = baseUrl.replace(/\/+$/, '');
  const raw = createOpenApiClient<paths>({ baseUrl: base, fetch, headers });
  raw.use({
    async onResponse({ response }) {
      if (!response.ok) throw await ApiError.of(response);
    },
  });
  // What openapi-fetch is asked is typed by `ApiClient`; here it is any method and path.
  const request = raw.request as unknown as (...args: unknown[]) => Promise<{ readonly data: never }>;
  const ask =
    (method: Method) =>
    async (...args: unknown[]) =>
      (await request(method, ...args)).data;
  // Of forms and streams, which openapi-fetch does not send and read.
  const send = async (request: Request): Promise<Response> => {
    const response = await (fetch ? fetch(request) : globalThis.fetch(request));
    if (response.ok) return response;
    throw await ApiError.of(response);
  };
  const address = (collection: string, rest: string) =>
    `${base}/api/v1/collections/${encodeURIComponent(collection)}${rest}`;
  const answerTo = async <Answer>(request: Request): Promise<Answer> =>
    (await (await send(request)).json()) as Answer;
  return {
    raw,
    get: ask('get'),
    post: ask('post'),
    put: ask('put'),
    patch: ask('patch'),
    delete: ask('delete'),
    search(collection, query, { files = {}, signal } = {}) {
      const hasFiles = Object.keys(files).length > 0;
      const body = hasFiles ? searchForm(query, files) : JSON.stringify(query);
      // Of a form, fetch says the type, as it chooses what stands between the parts.
      const type: Record<string, string> = hasFiles ? {} : { 'content-type': 'application/json' };
      const url = address(collection, '/search');
      return answerTo(new Request(url, { method: 'POST', headers: { ...headers, ...type }, body, signal }));
    },
    upload(collection, files, { label, signal } = {}) {
      const body = new FormData();
      // Before the files: what is known first decides what becomes of them.
      if (label !== undefined) body.set('label', label);
      for (const file of files) body.append('files', file, file.name ?? 'image');
      return answerTo(new Request(address(collection, '/images'), { method: 'POST', headers, body, signal }));
    },
    watchJobs(options = {}) {
      const path =
        options.id === undefined ? '/jobs/events' : `/jobs/${encodeURIComponent(options.id)}/events`;
      const accept = { ...headers, accept: 'text/event-stream' };
      return watchJobs(
        (signal) => send(new Request(`${base}/api/v1${path}`, { headers: accept, signal })),
        options,
      );
    },
    pictureUrl(collection, { id, version }, kind) {
      const query = version === undefined ? '' : `?v=${encodeURIComponent(version)}`;
      return address(collection, `/images/${id}/${kind}${kind === 'original' ? '' : query}`);
    },
  };
}
