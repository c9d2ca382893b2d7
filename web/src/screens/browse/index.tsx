import { useMemo } from 'preact/hooks';
import { api } from '../../api.js';
import { Grid } from '../../grid/grid.js';
import { ImageTile } from '../../grid/image-tile.js';
import { PagedItems } from '../../grid/items.js';
import { collection } from '../../router.js';
import { ScreenHead } from '../../ui/screen.js';

export default function BrowseScreen() {
  const items = useMemo(
    () => new PagedItems((offset, limit, signal) => api.images(collection.peek(), { offset, limit }, signal).then(p => ({items: p.images, total: p.total}))),
    [],
  );
  return (
    <>
      <ScreenHead title="Browse" about={items.count.value} />
      <div class="scroll">
        <Grid items={items} label="Images" tilePx={170} captionPx={24} memory="grid" onOpen={() => {}} tile={(image, index) => <ImageTile image={image} index={index} />} />
      </div>
    </>
  );
}
