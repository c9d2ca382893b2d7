import type { QueryImage } from '../api/index.js';
import type { SearchQuestion } from '../app/service/methods/search.js';
import { fetchImage, type Network } from './fetch-image.js';
import { HttpProblem } from './problems.js';
import type { ServerSettings } from './settings.js';

/**
 * A search with the images that it names by address fetched, one after the other, and from there on files like those that were sent.
 * @throws HttpProblem `forbidden` where the server was not told to; as `fetchImage`
 */
export async function fetchQueryImages(
  question: SearchQuestion,
  { searchByUrl, limits }: Pick<ServerSettings, 'searchByUrl' | 'limits'>,
  signal?: AbortSignal,
  network?: Network,
): Promise<SearchQuestion> {
  const { like, unlike = [] } = question.query;
  if (![...like, ...unlike].some(isByUrl)) return question;
  if (!searchByUrl)
    throw new HttpProblem(
      'forbidden',
      'this server was started without --search-by-url; send the image itself',
    );
  const files: Record<string, Uint8Array> = { ...question.files };
  let bytesLeft = limits.searchBytes;
  const fetched = async (image: QueryImage): Promise<QueryImage> => {
    if (!isByUrl(image)) return image;
    const { url, ...rest } = image;
    const most = { bytes: Math.min(limits.fileBytes, bytesLeft), timeoutMs: limits.fetchMs };
    const bytes = await fetchImage(url, most, signal, network);
    bytesLeft -= bytes.length;
    const file = freeName(files);
    files[file] = bytes;
    return { ...rest, file };
  };
  const query = { ...question.query, like: [] as QueryImage[], unlike: [] as QueryImage[] };
  for (const image of like) query.like.push(await fetched(image));
  for (const image of unlike) query.unlike.push(await fetched(image));
  return { query, files };
}

/** One that is named in two ways is left to who answers, who refuses it. */
function isByUrl(image: QueryImage): image is QueryImage & { readonly url: string } {
  return image.url !== undefined && image.id === undefined && image.file === undefined;
}

function freeName(files: Readonly<Record<string, unknown>>): string {
  let number = 1;
  while (`fetched ${number}` in files) number++;
  return `fetched ${number}`;
}
