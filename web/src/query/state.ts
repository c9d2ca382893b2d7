import { optionalNumber, param, text } from '../params.js';
import { href, navigate, route, updateParams } from '../router.js';
import { session } from '../state/session.js';
import { bytes } from '../ui/format.js';
import { toast, toastFailure } from '../ui/toast.js';
import { foldCodec } from './fold.js';
import { mostParts, partOfFile, partOfId, type QueryPart, queryCodec, withPart } from './query.js';
import { keepUpload } from './uploads.js';

/** What is searched for, and how, as the address has it. */
export const query = param('q', queryCodec);
export const where = param('where', text);
export const minScore = param('min', optionalNumber(-1, 1, 4));
export const diversity = param('diversity', optionalNumber(0, 1, 2));
export const fold = param('fold', foldCodec);

/** What the address says of a search; a lower bound of the score means nothing for another query. */
function paramsFor(parts: readonly QueryPart[]): URLSearchParams {
  const params =
    route.peek().screen === 'search' ? new URLSearchParams(route.peek().params) : new URLSearchParams();
  const written = queryCodec.write(parts);
  if (written === null) params.delete('q');
  else params.set('q', written);
  params.delete('min');
  return params;
}

export function searchFor(parts: readonly QueryPart[]): void {
  navigate({ screen: 'search', params: paramsFor(parts) });
}

/** Changes the query that is shown, with the weight of a part for instance. */
export function changeQuery(parts: readonly QueryPart[], replace = false): void {
  const written = queryCodec.write(parts);
  updateParams(
    (params) => {
      if (written === null) params.delete('q');
      else params.set('q', written);
    },
    { replace },
  );
}

/** Address of a search for one image. */
export function searchHref(id: number): string {
  return href({ screen: 'search', params: { q: String(id) } });
}

export const similarTo = (id: number) => searchFor([partOfId(id)]);

/** More or less like an image, on top of what is searched for. */
export function addToQuery(id: number, unlike: boolean): void {
  const now = query.peek();
  if (unlike && now.every((part) => part.unlike)) {
    toast('First say what it should be like: press s on an image, or drop one');
    return;
  }
  searchFor(withPart(now, partOfId(id, unlike)));
}

/** Searches for files that were dropped, pasted or chosen, on top of what is searched for if `add`. */
export async function searchForFiles(files: readonly File[], add: boolean): Promise<void> {
  const limits = session.peek()?.limits;
  const small = files.filter((file) => !limits || file.size <= limits.fileBytes);
  if (small.length < files.length && limits) {
    toast(`Only files up to ${bytes(limits.fileBytes)} can be searched for`, { tone: 'bad' });
  }
  if (small.length === 0) return;
  let parts = add ? query.peek() : [];
  try {
    for (const file of small.slice(0, mostParts)) {
      parts = withPart(parts, partOfFile(await keepUpload(file)));
    }
    searchFor(parts);
  } catch (error) {
    // A file that was moved or forbidden after it was chosen cannot be read.
    toastFailure(error);
  }
}

/** The images among what a drop or the clipboard brings. */
export function imageFilesOf(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter(looksLikeImage);
}

/** Browsers know no type for some of the formats that the server reads. */
export function looksLikeImage(file: File): boolean {
  return (
    file.type.startsWith('image/') ||
    (file.type === '' && /\.(heic|heif|avif|tiff?|webp|jxl|bmp|ppm|pgm)$/i.test(file.name))
  );
}

export const acceptedFiles = 'image/*,.heic,.heif,.avif,.tif,.tiff,.webp,.bmp';
