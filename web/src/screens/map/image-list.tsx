import { useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { ImageSummary } from '../../api.js';
import { Grid } from '../../grid/grid.js';
import { ImageTile } from '../../grid/image-tile.js';
import type { GridItems } from '../../grid/items.js';
import { runImageAction } from '../../image-actions/image-actions.js';
import { navigate } from '../../router.js';
import { pointedId } from './map-focus.js';

interface ImageListProps<T extends ImageSummary> {
  readonly label: string;
  readonly items: GridItems<T>;
  readonly detail?: (image: T) => ComponentChildren;
}

/** Images beside the map: what is pointed at here is marked there, and the other way about. */
export function ImageList<T extends ImageSummary>({ label, items, detail }: ImageListProps<T>) {
  const root = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    const id = pointedId.value;
    for (const cell of root.current?.querySelectorAll('.cell.pointed') ?? [])
      cell.classList.remove('pointed');
    if (id !== undefined) root.current?.querySelector(`.cell[data-id="${id}"]`)?.classList.add('pointed');
  });
  return (
    <div
      ref={root}
      class="map-images"
      onPointerOver={(event) => {
        const cell = (event.target as Element).closest<HTMLElement>('.cell[data-id]');
        pointedId.value = cell ? Number(cell.dataset.id) : undefined;
      }}
      onPointerLeave={() => {
        pointedId.value = undefined;
      }}
      onFocusOut={() => {
        pointedId.value = undefined;
      }}
    >
      <Grid
        items={items}
        label={label}
        tilePx={104}
        captionPx={22}
        tile={(image, index, passing) => (
          <ImageTile image={image} index={index} passing={passing} detail={detail?.(image)} />
        )}
        onKey={(key, image) => runImageAction(key, image)}
        onOpen={({ id }) => navigate({ screen: 'image', image: id })}
        onFocusItem={({ id }) => {
          pointedId.value = id;
        }}
      />
    </div>
  );
}
