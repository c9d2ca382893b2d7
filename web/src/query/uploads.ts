import { signal } from '@preact/signals';

/**
 * Images that somebody searches for and that are no part of the collection. The browser keeps them under a hash of
 * their bytes, which stands in the address: so a search outlives that the page is loaded again.
 */
interface Kept {
  readonly hash: string;
  readonly name: string;
  readonly blob: Blob;
  readonly at: number;
}

const keptAtMost = 60;
const inMemory = new Map<string, Kept>();
const urls = new Map<string, string>();

/** Grows when an image was kept or read back. */
export const uploadsVersion = signal(0);

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('imagekin', 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore('queries', { keyPath: 'hash' }).createIndex('at', 'at');
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Keeps a file and says under which hash. */
export async function keepUpload(file: File): Promise<string> {
  const hash = contentHash(new Uint8Array(await file.arrayBuffer()));
  const kept: Kept = { hash, name: file.name || 'pasted image', blob: file, at: Date.now() };
  remember(kept);
  try {
    const db = await database();
    const store = db.transaction('queries', 'readwrite').objectStore('queries');
    store.put(kept);
    const keys = await done(store.index('at').getAllKeys());
    for (const key of keys.slice(0, Math.max(0, keys.length - keptAtMost))) store.delete(key);
    db.close();
  } catch {
    // A browser in private mode may keep nothing; the image is then there until the page is left.
  }
  return hash;
}

/** Has it in memory, and forgets the oldest there: a query has far fewer images than are kept. */
function remember(kept: Kept): void {
  inMemory.delete(kept.hash);
  inMemory.set(kept.hash, kept);
  for (const oldest of inMemory.keys()) {
    if (inMemory.size <= keptAtMost) break;
    inMemory.delete(oldest);
    const url = urls.get(oldest);
    if (url) URL.revokeObjectURL(url);
    urls.delete(oldest);
  }
  uploadsVersion.value++;
}

/** A file that was kept; `undefined` where this browser does not have it. */
export async function readUpload(hash: string): Promise<Kept | undefined> {
  const known = inMemory.get(hash);
  if (known) return known;
  try {
    const db = await database();
    const found = (await done(db.transaction('queries').objectStore('queries').get(hash))) as
      | Kept
      | undefined;
    db.close();
    if (!found) return undefined;
    remember(found);
    return found;
  } catch {
    return undefined;
  }
}

/** Of a file that is in memory: what it is called, and where its picture is. */
export function uploadInMemory(hash: string): { readonly name: string; readonly url: string } | undefined {
  const kept = inMemory.get(hash);
  if (!kept) return undefined;
  const url = urls.get(hash) ?? URL.createObjectURL(kept.blob);
  urls.set(hash, url);
  return { name: kept.name, url };
}

/**
 * 64 bits of the bytes, hex: two lanes of FNV-1a with other beginnings. Only tells the files of one browser apart, so
 * it need not withstand anybody; the browser's own hashes are not to be had without https.
 */
export function contentHash(bytes: Uint8Array): string {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9 ^ bytes.length;
  for (const byte of bytes) {
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte, 0x85ebca6b);
    high ^= high >>> 15;
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
