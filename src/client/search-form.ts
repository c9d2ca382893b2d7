import type { Schemas } from './schemas.js';

/** An image that is sent with a search: what the query calls it, and its bytes. */
export type SearchFile = Blob | Uint8Array;

/** A search with files as a form: the query as JSON, and a part for each file. */
export function searchForm(
  query: Schemas['SearchRequest'],
  files: Readonly<Record<string, SearchFile>>,
): FormData {
  const form = new FormData();
  form.set('query', JSON.stringify(query));
  for (const [name, file] of Object.entries(files)) {
    const blob = file instanceof Blob ? file : new Blob([file as Uint8Array<ArrayBuffer>]);
    form.set(name, blob, name);
  }
  return form;
}
