import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Checksum, downloadFile, reasonOf } from '../../core/download-file.js';
import { ImagekinError } from '../../core/errors.js';
import { fetchByHand, statusOf } from '../../core/fetch-by-hand.js';
import { writeFileAtomic } from '../../core/files.js';
import type { OnProgress } from '../../core/progress.js';
import type { HubSettings } from './hub-settings.js';

/** A file of a repository on the hub. */
export interface HubPlace {
  /** `owner/name` */
  readonly repository: string;
  /** A branch, tag or commit. */
  readonly revision: string;
  /** Path in the repository. */
  readonly file: string;
}

export interface FetchFromHubOptions {
  readonly settings: HubSettings;
  /** Where files of all repositories are kept: at `<repository>/<commit>/<file>`. */
  readonly directory: string;
  readonly retries?: number;
  readonly retryDelayMs?: number;
  readonly startTimeoutMs?: number;
  readonly stallTimeoutMs?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A file of the hub that is here. */
export interface HubFile {
  readonly path: string;
  readonly commit: string;
}

/** What the hub says of a file. */
interface Found {
  readonly commit: string;
  readonly checksum: Checksum | undefined;
}

const defaultRetries = 4;

/** Nobody answered at all. */
class Unreachable extends Error {}

export function isUnreachable(error: unknown): boolean {
  return error instanceof ImagekinError && error.cause instanceof Unreachable;
}

/**
 * Brings a file from the hub, or from here where it is here already: under the commit that it is of, so that a branch may
 * move on. Its checksum is the one that the hub gives.
 * @returns `undefined` where the repository has no such file
 * @throws `download-failed`, `checksum-mismatch`, `file-not-writable`
 */
export async function fetchFromHub(
  place: HubPlace,
  options: FetchFromHubOptions,
): Promise<HubFile | undefined> {
  const { settings, directory, onProgress } = options;
  const repository = join(directory, ...place.repository.split('/'));
  if (settings.offline) {
    const cached = await cachedFile(place, repository);
    if (cached) return cached;
    throw new ImagekinError('download-failed', {
      where: nameOf(place),
      expected: 'a file that is here already, as $HF_HUB_OFFLINE is set',
      got: 'none',
      fix: 'unset HF_HUB_OFFLINE and pull it once with a network',
    });
  }
  const found = await lookUp(place, options);
  if (found === undefined) return undefined;
  const { commit, checksum } = found;
  const path = join(repository, commit, ...place.file.split('/'));
  await downloadFile({
    ...options,
    url: urlOf({ ...place, revision: commit }, settings),
    path,
    checksum,
    token: settings.token,
    retries: options.retries ?? defaultRetries,
    fixOf: (status) => adviceOn(status, settings),
    onProgress: onProgress && ((progress) => onProgress({ ...progress, task: `downloading ${place.file}` })),
  });
  await writeFileAtomic(refFile(place, repository), commit);
  return { path, commit };
}

/** What is here of the revision. */
async function cachedFile({ revision, file }: HubPlace, repository: string): Promise<HubFile | undefined> {
  const ref = await readFile(refFile({ revision }, repository), 'utf8').catch(() => revision);
  const path = join(repository, ref, ...file.split('/'));
  return /^[\w.-]+$/.test(ref) && existsSync(path) ? { path, commit: ref } : undefined;
}

/** Holds the commit that a branch or tag was at when it was last looked up. */
function refFile({ revision }: Pick<HubPlace, 'revision'>, repository: string): string {
  return join(repository, 'refs', encodeURIComponent(revision));
}

function urlOf({ repository, revision, file }: HubPlace, { endpoint }: HubSettings): string {
  const path = file.split('/').map(encodeURIComponent).join('/');
  return `${endpoint}/${repository}/resolve/${encodeURIComponent(revision)}/${path}`;
}

/**
 * Asks the hub for commit and checksum. A large file is elsewhere, and the redirect to it says what it is; redirects within
 * the hub, as those of repositories with a new name, are followed.
 */
async function lookUp(place: HubPlace, options: FetchFromHubOptions): Promise<Found | undefined> {
  const {
    settings,
    signal,
    retries = defaultRetries,
    retryDelayMs = 1_000,
    startTimeoutMs = 30_000,
  } = options;
  const url = urlOf(place, settings);
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(startTimeoutMs);
    try {
      const { response, passed } = await fetchByHand(url, {
        method: 'HEAD',
        token: settings.token,
        headers: { 'accept-encoding': 'identity' },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        follows: (to, from) => to.origin === from.origin,
      });
      if (response.status >= 400) {
        if (isMissingEntry(response)) return undefined;
        const reason = response.headers.get('x-error-message');
        const said = reason ? `${response.status}: ${reason}` : `${response.status}`;
        throw Object.assign(new Error(`HTTP status ${said}`), { status: response.status });
      }
      const header = (name: string) =>
        [...passed, response.headers].map((headers) => headers.get(name)).find((value) => value !== null);
      return {
        commit: commitOf(header('x-repo-commit'), place.revision),
        checksum: checksumOf(header('x-linked-etag') ?? response.headers.get('etag')),
      };
    } catch (cause) {
      signal?.throwIfAborted();
      const status = statusOf(cause);
      const isPassing = status === undefined || status >= 500 || status === 429;
      if (!isPassing || attempt === retries)
        throw failed(place, settings, cause, timeout.aborted, startTimeoutMs);
      await sleep(retryDelayMs * 2 ** attempt, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}

/** A repository or revision that does not exist is an error; a file that it does not have is an answer. */
function isMissingEntry({ status, headers }: Response): boolean {
  const code = headers.get('x-error-code');
  return status === 404 && (code === 'EntryNotFound' || code === null);
}

function commitOf(header: string | undefined | null, revision: string): string {
  // A server that names no commit has one state of the files, as far as can be told.
  const commit = header ?? revision.replaceAll(/[^\w.-]/g, '-');
  return /^[\w-][\w.-]*$/.test(commit) ? commit : 'unknown';
}

/** The tag of a large file is its SHA-256, that of a small one its SHA-1 in git. */
function checksumOf(etag: string | null | undefined): Checksum | undefined {
  const hex = etag?.replace(/^W\//, '').replaceAll('"', '').toLowerCase();
  if (hex === undefined || !/^[0-9a-f]+$/.test(hex)) return undefined;
  if (hex.length === 64) return { algorithm: 'sha256', hex };
  return hex.length === 40 ? { algorithm: 'git-blob', hex } : undefined;
}

function failed(
  place: HubPlace,
  settings: HubSettings,
  cause: unknown,
  timedOut: boolean,
  timeoutMs: number,
): ImagekinError {
  const status = statusOf(cause);
  return new ImagekinError('download-failed', {
    where: nameOf(place),
    expected: `the file at ${settings.endpoint}`,
    got: timedOut ? `no answer in ${timeoutMs / 1000} s` : reasonOf(cause),
    fix:
      (status && adviceOn(status, settings)) ||
      'check the network, or name a mirror with HF_ENDPOINT, and run again',
    cause: status === undefined ? new Unreachable(reasonOf(cause), { cause }) : cause,
  });
}

function adviceOn(status: number, { token }: HubSettings): string | undefined {
  if (status === 401 || status === 403)
    return token === undefined
      ? 'check the name; if the model is private or gated, accept its terms on its page and set HF_TOKEN to a token of yours'
      : 'check the name, that the token in HF_TOKEN may read it, and that you accepted its terms on its page';
  if (status === 404) return 'check the names of the repository, the revision and the file';
  if (status === 429)
    return 'the hub asks for patience: try again in a few minutes, or with a token in HF_TOKEN';
  if (status >= 500) return 'the server is out of order: try again later, which goes on where this ended';
  return undefined;
}

function nameOf({ repository, revision, file }: HubPlace): string {
  return `${repository}@${revision}: ${file}`;
}
