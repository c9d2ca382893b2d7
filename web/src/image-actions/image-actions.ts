import type { ImageSummary } from '../api.js';
import type { TileAction } from '../grid/image-tile.js';
import { addToQuery, query, similarTo } from '../query/state.js';
import { navigate } from '../router.js';

/** What can be done with an image anywhere: by buttons on its tile, in its menu, and by the same keys. */
export function imageActions(image: ImageSummary): readonly TileAction[] {
  const adds = query.peek().some((part) => !part.unlike);
  return [
    { icon: 'similar', label: 'Find similar', key: 's', run: () => similarTo(image.id) },
    ...(adds
      ? ([
          { icon: 'plus', label: 'More like this', key: '+', run: () => addToQuery(image.id, false) },
          { icon: 'minus', label: 'Less like this', key: '-', run: () => addToQuery(image.id, true) },
        ] as const)
      : []),
    { icon: 'map', label: 'Show on the map', key: 'm', run: () => showOnMap(image.id) },
  ];
}

/** Says whether there was an action of that key. */
export function runImageAction(key: string, image: ImageSummary): boolean {
  const action = imageActions(image).find((each) => each.key === (key === '=' ? '+' : key));
  action?.run();
  return action !== undefined;
}

export function showOnMap(id: number): void {
  navigate({ screen: 'map', params: { highlight: id } });
}
