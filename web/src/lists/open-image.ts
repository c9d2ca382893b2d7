import type { ImageSummary } from '../api.js';
import { href, navigate, route, setEntryState } from '../router.js';

export type ListKind = 'search' | 'browse';

/** Opens an image of the list that is shown. Its address says which list, and where in it. */
export function openFromList(kind: ListKind, image: ImageSummary, index: number): void {
  const params = new URLSearchParams(route.peek().params);
  params.set('in', kind);
  params.set('at', String(index));
  navigate({ screen: 'image', image: image.id, params });
  setEntryState({ fromList: true });
}

/** Address of the list that an image was opened from. */
export function listHref(params: URLSearchParams): string {
  const kept = new URLSearchParams(params);
  kept.delete('in');
  kept.delete('at');
  return href({ screen: params.get('in') === 'search' ? 'search' : 'browse', params: kept });
}
