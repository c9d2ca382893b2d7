import { computed, type ReadonlySignal, signal } from '@preact/signals';

/** All that the page shows follows from its address, so that any view can be kept, sent and gone back to. */
export const screens = ['search', 'browse', 'image', 'map', 'duplicates', 'quality', 'jobs'] as const;
export type Screen = (typeof screens)[number];

export interface Route {
  /** `undefined`: none was named; the first there is will do. */
  readonly collection: string | undefined;
  readonly screen: Screen;
  /** Id of the image of the screen `image`. */
  readonly image: number | undefined;
  readonly params: URLSearchParams;
}

/** `/c/{collection}/{screen}`, or `/c/{collection}/image/{id}`. What is not understood is the search. */
export function readRoute(url: URL): Route {
  const [c, collection, screen, id] = url.pathname.split('/').filter(Boolean).map(decode);
  const known = screens.find((name) => name === screen) ?? 'search';
  const image = known === 'image' && /^[1-9]\d*$/.test(id ?? '') ? Number(id) : undefined;
  return {
    collection: c === 'c' ? collection : undefined,
    screen: known === 'image' && image === undefined ? 'browse' : known,
    image,
    params: url.searchParams,
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const here = signal(new URL('http://localhost/'));

/** Where the page is. */
export const route: ReadonlySignal<Route> = computed(() => readRoute(here.value));

/** Name of the collection that is shown; empty before there is one. */
export const collection: ReadonlySignal<string> = computed(() => route.value.collection ?? '');

export interface Place {
  readonly collection?: string;
  readonly screen: Screen;
  readonly image?: number;
  readonly params?: Readonly<Record<string, string | number | undefined>> | URLSearchParams;
}

/** The address of a place; of the collection that is shown, if it names no other. */
export function href(place: Place): string {
  const parts = ['c', place.collection ?? collection.peek(), place.screen];
  if (place.image !== undefined) parts.push(String(place.image));
  const params = place.params instanceof URLSearchParams ? place.params : new URLSearchParams();
  if (place.params && !(place.params instanceof URLSearchParams)) {
    for (const [name, value] of Object.entries(place.params)) {
      if (value !== undefined && value !== '') params.set(name, String(value));
    }
  }
  const query = params.toString();
  return `/${parts.map(encodeURIComponent).join('/')}${query && `?${query}`}`;
}

export interface Going {
  /** Whether the present place is forgotten: for what changes with every movement of a slider. */
  readonly replace?: boolean;
}

/** Goes to an address of `href`, or to a place. */
export function navigate(to: string | Place, { replace = false }: Going = {}): void {
  const url = new URL(typeof to === 'string' ? to : href(to), here.peek());
  if (url.href === here.peek().href) return;
  if (replace) history.replaceState(history.state, '', url);
  else history.pushState(null, '', url);
  here.value = url;
}

/** Changes parameters of the place that is shown. */
export function updateParams(change: (params: URLSearchParams) => void, going?: Going): void {
  const url = new URL(here.peek());
  change(url.searchParams);
  navigate(`${url.pathname}${url.search}`, going);
}

/** Follows the browser's history, and plain clicks on links of the page. */
export function startRouter(): void {
  here.value = new URL(location.href);
  addEventListener('popstate', () => {
    here.value = new URL(location.href);
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (!link.pathname.startsWith('/c/')) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}

/** What the history remembers of this entry: where a list was scrolled to. */
export function entryState(): Readonly<Record<string, unknown>> {
  return (history.state as Record<string, unknown> | null) ?? {};
}

export function setEntryState(changes: Readonly<Record<string, unknown>>): void {
  history.replaceState({ ...entryState(), ...changes }, '');
}
