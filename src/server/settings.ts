/** What one request may take, and all of them together. */
export interface ServerLimits {
  /** Of a body of JSON. */
  readonly jsonBytes: number;
  /** Of one file that is sent. */
  readonly fileBytes: number;
  /** Files that are sent at once. */
  readonly files: number;
  /** Of all that is sent with one search, which is held in memory; and of one upload, which goes to the disk. */
  readonly searchBytes: number;
  readonly uploadBytes: number;
  /** Of an image, decoded. */
  readonly pixels: number;
  readonly connections: number;
  /** Until the head of a request is there; until all of it is; that nothing moves on a connection; that an answer takes. */
  readonly headersMs: number;
  readonly requestMs: number;
  readonly idleMs: number;
  readonly answerMs: number;
  /** Of an image that a search names by its address. */
  readonly fetchMs: number;
  /** What runs when the server is told to stop may go on for so long. */
  readonly stopMs: number;
  /** How often attempts with a wrong token are taken in a minute from one address, and how long each waits for its answer. */
  readonly wrongTokens: { readonly most: number; readonly delayMs: number };
  /** Requests that are worked on at once, and that wait their turn; further ones are told to come again (429). */
  readonly work: Readonly<Record<WorkKind, { readonly atOnce: number; readonly waiting: number }>>;
}

/**
 * Requests that compete for the same: searches for the threads that embed, uploads for disk and connections. Everything else is
 * quick, and does not wait behind these.
 */
export type WorkKind = 'search' | 'upload' | 'read';

export interface ServerOptions {
  /** What whoever asks must know. Without one, only this machine may ask. */
  readonly token?: string;
  /** The name or address that is listened on. Default `127.0.0.1`. */
  readonly host?: string;
  /** Nothing can be added, changed or removed. */
  readonly readOnly?: boolean;
  /** Whether a search may name the address of an image, which the server then fetches. */
  readonly searchByUrl?: boolean;
  /** Where the built page lies. Default: in the package; `null` for none. */
  readonly page?: string | null;
  readonly limits?: Partial<ServerLimits>;
}

/** Options with everything decided. */
export interface ServerSettings {
  readonly token: string | undefined;
  readonly host: string;
  readonly readOnly: boolean;
  readonly searchByUrl: boolean;
  readonly page: string | null | undefined;
  readonly limits: ServerLimits;
}

const mebi = 2 ** 20;

export const defaultLimits: ServerLimits = {
  jsonBytes: 2 * mebi,
  fileBytes: 64 * mebi,
  files: 1000,
  searchBytes: 128 * mebi,
  uploadBytes: 4096 * mebi,
  pixels: 100_000_000,
  connections: 1000,
  headersMs: 15_000,
  // Of an upload of gigabytes over a slow line.
  requestMs: 1_800_000,
  idleMs: 90_000,
  answerMs: 75_000,
  fetchMs: 20_000,
  stopMs: 30_000,
  wrongTokens: { most: 10, delayMs: 300 },
  work: {
    search: { atOnce: 16, waiting: 64 },
    upload: { atOnce: 4, waiting: 16 },
    read: { atOnce: 64, waiting: 512 },
  },
};

export function settingsOf({
  token,
  host = '127.0.0.1',
  readOnly = false,
  searchByUrl = false,
  page,
  limits = {},
}: ServerOptions): ServerSettings {
  const { fileBytes = defaultLimits.fileBytes } = limits;
  const searchBytes = Math.max(defaultLimits.searchBytes, fileBytes + mebi);
  return {
    token,
    host,
    readOnly,
    searchByUrl,
    page,
    limits: { ...defaultLimits, searchBytes, ...limits },
  };
}
