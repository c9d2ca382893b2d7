import { useRef, useState } from 'preact/hooks';
import { api, type ImageSummary } from '../../api.js';
import { Grid } from '../../grid/grid.js';
import { ImageTile } from '../../grid/image-tile.js';
import { listItems } from '../../grid/items.js';
import { runImageAction } from '../../image-actions/image-actions.js';
import { noteSeen } from '../../query/query-picture.js';
import { acceptedFiles, searchForFiles, similarTo } from '../../query/state.js';
import { useResource } from '../../resource.js';
import { collection } from '../../router.js';
import { coarse } from '../../state/media.js';
import { Icon } from '../../ui/icon.js';
import { Command, Empty, ProblemState } from '../../ui/states.js';

const shownImages = 36;

/** Before anything is searched for: how to, and images to begin with. */
export function Start() {
  const [round, setRound] = useState(0);
  const chooser = useRef<HTMLInputElement>(null);
  const images = useResource((signal) => someImages(collection.peek(), signal), [collection.value, round], {
    keep: true,
  });
  const list = images.value;
  return (
    <div class="start scroll">
      <button type="button" class="drop-zone" onClick={() => chooser.current?.click()}>
        <span class="drop-icon">
          <Icon name="similar" size={24} />
        </span>
        <span class="drop-title">Find what is like an image</span>
        <span class="drop-text">
          {coarse.value ? (
            'Tap to choose a photo, or begin with one below'
          ) : (
            <>
              Drop one anywhere, paste it with <kbd>Ctrl</kbd> <kbd>V</kbd>, or click to choose a file
            </>
          )}
        </span>
      </button>
      <input
        ref={chooser}
        type="file"
        accept={acceptedFiles}
        multiple
        hidden
        aria-label="Images to search for"
        onChange={(event) => void searchForFiles([...(event.currentTarget.files ?? [])], false)}
      />
      {images.failure && <ProblemState failure={images.failure} onRetry={images.reload} />}
      {list?.length === 0 && (
        <Empty icon="image" title="The collection is empty">
          <p>Add a folder of images to it:</p>
          <Command>{`imagekin add ${collection.value}.kin ./photos`}</Command>
        </Empty>
      )}
      {(!list || list.length > 0) && !images.failure && (
        <>
          <div class="start-head">
            <h2>Or begin with one of these</h2>
            <button type="button" class="button quiet small" onClick={() => setRound(round + 1)}>
              <Icon name="shuffle" /> Others
            </button>
          </div>
          {list && (
            <Grid
              key={round}
              items={listItems(list)}
              label="Images to begin with"
              tilePx={128}
              captionPx={22}
              selectable={false}
              onOpen={(image) => similarTo(image.id)}
              onKey={runImageAction}
              tile={(image, index) => (
                <ImageTile image={image} index={index} selectable={false} eager={index < 16} />
              )}
            />
          )}
        </>
      )}
    </div>
  );
}

/** Some images at random: ids are drawn, more than are shown, since some of them may be no image's any more. */
async function someImages(here: string, signal: AbortSignal): Promise<readonly ImageSummary[]> {
  const newest = await api.images(here, { order: '-id', limit: shownImages }, signal);
  noteSeen(here, newest.images);
  const most = newest.images[0]?.id ?? 0;
  if (newest.total <= shownImages) return newest.images;
  const drawn = new Set<number>();
  const wanted = Math.min(400, Math.ceil((shownImages * 1.3 * most) / newest.total));
  for (let turn = 0; turn < wanted; turn++) drawn.add(1 + Math.floor(Math.random() * most));
  const found = await api.images(here, { filter: `id in (${[...drawn].join(', ')})`, limit: 400 }, signal);
  const images = shuffled(found.images).slice(0, shownImages);
  noteSeen(here, images);
  return images.length > 0 ? images : newest.images;
}

function shuffled<T>(list: readonly T[]): T[] {
  const mixed = [...list];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other]!, mixed[at]!];
  }
  return mixed;
}
