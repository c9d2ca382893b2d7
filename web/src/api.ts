import type {
  CollectionMap,
  CollectionStatus,
  CollectionSummary,
  ConfusionPairs,
  ConfusionQuery,
  Decisions,
  DuplicatesPage,
  DuplicatesQuery,
  EvaluationSummary,
  Facets,
  FacetsQuery,
  ImageDetails,
  ImageEdit,
  ImageSummary,
  ImagesChanged,
  ImagesEdit,
  ImagesPage,
  ImagesQuery,
  Job,
  JobFailures,
  JobList,
  JobRequest,
  ModelDetails,
  Problem,
  SearchRequest,
  SearchResponse,
  Session,
  TrashList,
} from '../../src/api/index.js';

export type * from '../../src/api/index.js';

/** What the server said went wrong, or that it could not be reached. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  get unreachable(): boolean {
    return this.problem.code === 'unreachable';
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** Whatever was thrown, as a failure to show. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure({
    type: 'about:blank',
    title: 'Something in this page went wrong',
    status: 500,
    code: 'page',
    detail: error instanceof Error ? error.message : String(error),
  });
}

/** Called when the server wants a token. */
export const onUnauthorized: { call: () => void } = { call: () => {} };

const root = '/api/v1';

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly query?: Query;
  readonly json?: unknown;
  readonly form?: FormData;
  readonly signal?: AbortSignal | undefined;
}

async function send(path: string, { method = 'GET', query, json, form, signal }: Call): Promise<Response> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const url = `${root}${path}${search.size > 0 ? `?${search}` : ''}`;
  const init: RequestInit = { method, credentials: 'same-origin', signal: signal ?? null };
  if (form) init.body = form;
  if (json !== undefined) {
    init.body = JSON.stringify(json);
    init.headers = { 'content-type': 'application/json' };
  }
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Failure({
      type: 'about:blank',
      title: 'The server does not answer',
      status: 503,
      code: 'unreachable',
      detail: 'Expected an answer of imagekin, got none. See whether `imagekin serve` is running.',
    });
  }
  if (response.ok) return response;
  if (response.status === 401) onUnauthorized.call();
  throw new Failure(await readProblem(response));
}

async function readProblem(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) {
    const said = (await response.json().catch(() => null)) as Partial<Problem> | null;
    if (said?.detail && said.title) return said as Problem;
  }
  return {
    type: 'about:blank',
    title: response.statusText || `Status ${response.status}`,
    status: response.status,
    code: 'unknown',
    detail: `The server answered with status ${response.status}.`,
  };
}

async function call<T>(path: string, options: Call = {}): Promise<T> {
  const response = await send(path, options);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

const at = (collection: string) => `/collections/${encodeURIComponent(collection)}`;

/** The server, as functions. Each throws `Failure`, or an `AbortError` where its signal was used. */
export const api = {
  session: (signal?: AbortSignal) => call<Session>('/session', { signal }),
  signIn: (token: string) => call<void>('/session', { method: 'POST', json: { token } }),
  signOut: () => call<void>('/session', { method: 'DELETE' }),

  collections: (signal?: AbortSignal) =>
    call<{ collections: CollectionSummary[] }>('/collections', { signal }).then((list) => list.collections),
  status: (c: string, signal?: AbortSignal) => call<CollectionStatus>(at(c), { signal }),

  images: (c: string, query: ImagesQuery, signal?: AbortSignal) =>
    call<ImagesPage>(`${at(c)}/images`, { query, signal }),
  image: (c: string, id: number, signal?: AbortSignal) =>
    call<ImageDetails>(`${at(c)}/images/${id}`, { signal }),
  editImage: (c: string, id: number, edit: ImageEdit) =>
    call<ImageDetails>(`${at(c)}/images/${id}`, { method: 'PATCH', json: edit }),
  editImages: (c: string, edit: ImagesEdit) =>
    call<ImagesChanged>(`${at(c)}/images`, { method: 'PATCH', json: edit }),
  removeImages: (c: string, ids: readonly number[]) =>
    call<ImagesChanged>(`${at(c)}/images/remove`, { method: 'POST', json: { ids } }),
  facets: (c: string, query: FacetsQuery, signal?: AbortSignal) =>
    call<Facets>(`${at(c)}/facets`, { query, signal }),

  /** Files are sent beside the request, under the names that it calls them by. */
  search(c: string, request: SearchRequest, files: ReadonlyMap<string, Blob>, signal?: AbortSignal) {
    if (files.size === 0) {
      return call<SearchResponse>(`${at(c)}/search`, { method: 'POST', json: request, signal });
    }
    const form = new FormData();
    form.set('query', JSON.stringify(request));
    for (const [name, file] of files) form.set(name, file, name);
    return call<SearchResponse>(`${at(c)}/search`, { method: 'POST', form, signal });
  },
  upload(c: string, files: readonly File[], label?: string) {
    const form = new FormData();
    // Before the files, so that the server knows it when they arrive.
    if (label) form.set('label', label);
    for (const file of files) form.append('files', file, file.name);
    return call<Job>(`${at(c)}/images`, { method: 'POST', form });
  },

  duplicates: (c: string, query: DuplicatesQuery, signal?: AbortSignal) =>
    call<DuplicatesPage>(`${at(c)}/duplicates`, { query, signal }),
  decide: (c: string, decisions: Decisions['decisions']) =>
    call<ImagesChanged>(`${at(c)}/duplicates/decisions`, { method: 'PUT', json: { decisions } }),
  trash: (c: string, signal?: AbortSignal) => call<TrashList>(`${at(c)}/trash`, { signal }),

  map: (c: string, signal?: AbortSignal) => call<CollectionMap>(`${at(c)}/map`, { signal }),
  /** An Arrow stream, whose columns src/api/map.ts names. */
  mapPoints: (c: string, signal?: AbortSignal) =>
    send(`${at(c)}/map/points`, { signal }).then((response) => response.arrayBuffer()),

  evaluation: (c: string, signal?: AbortSignal) => call<EvaluationSummary>(`${at(c)}/evaluation`, { signal }),
  confusionPairs: (c: string, query: ConfusionQuery, signal?: AbortSignal) =>
    call<ConfusionPairs>(`${at(c)}/evaluation/confusion`, { query, signal }),
  model: (c: string, signal?: AbortSignal) => call<ModelDetails>(`${at(c)}/model`, { signal }),

  startJob: (c: string, request: JobRequest) => call<Job>(`${at(c)}/jobs`, { method: 'POST', json: request }),
  jobs: (c?: string, signal?: AbortSignal) =>
    call<JobList>('/jobs', { query: { collection: c }, signal }).then((list) => list.jobs),
  job: (id: string, signal?: AbortSignal) => call<Job>(`/jobs/${encodeURIComponent(id)}`, { signal }),
  jobFailures: (id: string, query: { offset?: number; limit?: number }, signal?: AbortSignal) =>
    call<JobFailures>(`/jobs/${encodeURIComponent(id)}/failures`, { query, signal }),
  cancelJob: (id: string) => call<Job>(`/jobs/${encodeURIComponent(id)}/cancel`, { method: 'POST' }),
  retryJob: (id: string) => call<Job>(`/jobs/${encodeURIComponent(id)}/retry`, { method: 'POST' }),
};

/** Of server-sent events: `event: job` with a Job as data. */
export const jobEventsUrl = `${root}/jobs/events`;

type Pictured = Pick<ImageSummary, 'id' | 'version'>;

export function thumbnailUrl(c: string, image: Pictured): string {
  return `${root}${at(c)}/images/${image.id}/thumbnail?v=${encodeURIComponent(image.version)}`;
}

/** The small picture of an image of which only the id is known. */
export function thumbnailUrlOfId(c: string, id: number): string {
  return `${root}${at(c)}/images/${id}/thumbnail`;
}

export function previewUrl(c: string, image: Pictured, widthPx = 1600): string {
  return `${root}${at(c)}/images/${image.id}/preview?width=${widthPx}&v=${encodeURIComponent(image.version)}`;
}

export function originalUrl(c: string, id: number): string {
  return `${root}${at(c)}/images/${id}/original`;
}
