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
  JobRequest,
  ModelDetails,
  Problem,
  SearchRequest,
  SearchResponse,
  Session,
  TrashList,
} from '../../src/api/index.js';

import { ApiError, createClient } from '../../src/client/index.js';

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

async function sent(request: Request): Promise<Response> {
  try {
    return await fetch(request);
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
}

const client = createClient({ fetch: sent });

/** The answer to a question; errors of the client as failures that the page shows. */
async function answer<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) onUnauthorized.call();
    throw new Failure(error.problem);
  }
}

const root = '/api/v1';
const of = '/api/v1/collections/{collection}';

/** The server, as functions. Each throws `Failure`, or an `AbortError` where its signal was used. */
export const api = {
  session: (signal?: AbortSignal): Promise<Session> => answer(client.get('/api/v1/session', { signal })),
  signIn: (token: string): Promise<unknown> => answer(client.post('/api/v1/session', { body: { token } })),
  signOut: (): Promise<unknown> => answer(client.delete('/api/v1/session')),

  collections: (signal?: AbortSignal): Promise<CollectionSummary[]> =>
    answer(client.get('/api/v1/collections', { signal })).then((list) => list.collections),
  status: (collection: string, signal?: AbortSignal): Promise<CollectionStatus> =>
    answer(client.get(of, { params: { path: { collection } }, signal })),

  images: (collection: string, query: ImagesQuery, signal?: AbortSignal): Promise<ImagesPage> =>
    answer(client.get(`${of}/images`, { params: { path: { collection }, query: given(query) }, signal })),
  image: (collection: string, id: number, signal?: AbortSignal): Promise<ImageDetails> =>
    answer(client.get(`${of}/images/{id}`, { params: { path: { collection, id } }, signal })),
  /** All that is known of some images, 200 at most; those that are gone are left out. */
  readImages: (collection: string, ids: readonly number[], signal?: AbortSignal): Promise<ImageDetails[]> =>
    answer(
      client.post(`${of}/images/details`, {
        params: { path: { collection } },
        body: { ids: [...ids] },
        signal,
      }),
    ).then(({ images }) => images),
  editImage: (collection: string, id: number, edit: ImageEdit): Promise<ImageDetails> =>
    answer(client.patch(`${of}/images/{id}`, { params: { path: { collection, id } }, body: edit })),
  editImages: (collection: string, edit: ImagesEdit): Promise<ImagesChanged> =>
    answer(client.patch(`${of}/images`, { params: { path: { collection } }, body: edit })),
  removeImages: (collection: string, ids: readonly number[]): Promise<ImagesChanged> =>
    answer(client.post(`${of}/images/remove`, { params: { path: { collection } }, body: { ids: [...ids] } })),
  facets: (collection: string, query: FacetsQuery, signal?: AbortSignal): Promise<Facets> =>
    answer(client.get(`${of}/facets`, { params: { path: { collection }, query: given(query) }, signal })),

  /** Files are sent beside the request, under the names that it calls them by. */
  search: (
    collection: string,
    request: SearchRequest,
    files: ReadonlyMap<string, Blob>,
    signal?: AbortSignal,
  ): Promise<SearchResponse> =>
    answer(
      client.search(collection, request, { files: Object.fromEntries(files), ...(signal && { signal }) }),
    ),

  duplicates: (collection: string, query: DuplicatesQuery, signal?: AbortSignal): Promise<DuplicatesPage> =>
    answer(client.get(`${of}/duplicates`, { params: { path: { collection }, query: given(query) }, signal })),
  decide: (collection: string, decisions: Decisions['decisions']): Promise<ImagesChanged> =>
    answer(
      client.put(`${of}/duplicates/decisions`, { params: { path: { collection } }, body: { decisions } }),
    ),
  trash: (collection: string, signal?: AbortSignal): Promise<TrashList> =>
    answer(client.get(`${of}/trash`, { params: { path: { collection } }, signal })),

  map: (collection: string, signal?: AbortSignal): Promise<CollectionMap> =>
    answer(client.get(`${of}/map`, { params: { path: { collection } }, signal })),
  /** An Arrow stream, whose columns src/api/map.ts names. */
  mapPoints: (collection: string, signal?: AbortSignal): Promise<ArrayBuffer> =>
    answer(
      client.get(`${of}/map/points`, { params: { path: { collection } }, parseAs: 'arrayBuffer', signal }),
    ) as Promise<ArrayBuffer>,

  evaluation: (collection: string, signal?: AbortSignal): Promise<EvaluationSummary> =>
    answer(client.get(`${of}/evaluation`, { params: { path: { collection } }, signal })),
  confusionPairs: (
    collection: string,
    query: ConfusionQuery,
    signal?: AbortSignal,
  ): Promise<ConfusionPairs> =>
    answer(client.get(`${of}/evaluation/confusion`, { params: { path: { collection }, query }, signal })),
  model: (collection: string, signal?: AbortSignal): Promise<ModelDetails> =>
    answer(client.get(`${of}/model`, { params: { path: { collection } }, signal })),

  startJob: (collection: string, request: JobRequest): Promise<Job> =>
    answer(client.post(`${of}/jobs`, { params: { path: { collection } }, body: request })),
  jobs: (collection?: string, signal?: AbortSignal): Promise<Job[]> =>
    answer(client.get('/api/v1/jobs', { params: { query: given({ collection }) }, signal })).then(
      (list) => list.jobs,
    ),
  job: (id: string, signal?: AbortSignal): Promise<Job> =>
    answer(client.get('/api/v1/jobs/{id}', { params: { path: { id } }, signal })),
  jobFailures: (
    id: string,
    query: { offset?: number; limit?: number },
    signal?: AbortSignal,
  ): Promise<JobFailures> =>
    answer(client.get('/api/v1/jobs/{id}/failures', { params: { path: { id }, query }, signal })),
  cancelJob: (id: string): Promise<Job> =>
    answer(client.post('/api/v1/jobs/{id}/cancel', { params: { path: { id } } })),
  retryJob: (id: string): Promise<Job> =>
    answer(client.post('/api/v1/jobs/{id}/retry', { params: { path: { id } } })),
};

/** Parameters without those that say nothing: an empty filter is none. */
function given<T extends object>(query: T): T {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ''),
  ) as T;
}

const at = (collection: string) => `/collections/${encodeURIComponent(collection)}`;

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
