import './image.css';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api, type Crop, type ImageDetails, originalUrl, previewUrl } from '../../api.js';
import type { GridItems } from '../../grid/items.js';
import { showOnMap } from '../../image-actions/image-actions.js';
import { useShortcuts } from '../../keyboard.js';
import { listOf } from '../../lists/lists.js';
import { listHref } from '../../lists/open-image.js';
import { CropEditor } from '../../query/crop-editor.js';
import { isWhole } from '../../query/crop-region.js';
import { partOfId } from '../../query/query.js';
import { noteSeen } from '../../query/query-picture.js';
import { searchFor, similarTo } from '../../query/state.js';
import { useResource } from '../../resource.js';
import { collection, entryState, navigate, route } from '../../router.js';
import { contentChanged, contentVersion } from '../../state/collections.js';
import { selection } from '../../state/selection.js';
import { mayChange } from '../../state/session.js';
import { confirm } from '../../ui/dialog.js';
import { altText, count, fileName, time } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { useScreenHeading } from '../../ui/screen.js';
import { Empty, ProblemState, SkeletonLines } from '../../ui/states.js';
import { toast, toastFailure } from '../../ui/toast.js';
import { Facts } from './facts.js';
import { LabelEditor } from './label-editor.js';
import { Neighbours } from './neighbours.js';
import { Viewer } from './viewer.js';

const firstRegion: Crop = { x: 0.2, y: 0.2, width: 0.6, height: 0.6 };

export default function ImageScreen() {
  // Who goes on to another screen leaves the address of this one before its code is there.
  const last = useRef(route.peek().image!);
  last.current = route.value.image ?? last.current;
  const id = last.current;
  const image = useResource((signal) => api.image(collection.peek(), id, signal), [id], { keep: true });
  const [region, setRegion] = useState<Crop>();
  const heading = useScreenHeading();
  const place = usePlaceInList();
  const shown = image.value?.id === id ? image.value : undefined;

  useEffect(() => setRegion(undefined), [id]);
  useEffect(() => {
    if (!shown) return;
    noteSeen(collection.peek(), [shown]);
    document.title = `${fileName(shown.name)} · ${collection.peek()} · imagekin`;
  }, [shown]);

  const back = () => {
    if (entryState().fromList) history.back();
    else navigate(listHref(route.peek().params));
  };
  const cropped = () =>
    region && searchFor([{ ...partOfId(id), crop: isWhole(region) ? undefined : region }]);
  const section = 'Image';
  useShortcuts([
    { keys: ['ArrowLeft', 'k'], does: 'The one before', section, run: () => place.go(-1) },
    { keys: ['ArrowRight', 'j'], does: 'The next one', section, run: () => place.go(1) },
    { keys: ['s'], does: 'Find similar', section, run: () => similarTo(id) },
    {
      keys: ['c'],
      does: 'Search for a part of it',
      section,
      run: () => setRegion(region ? undefined : firstRegion),
    },
    { keys: ['m'], does: 'Show on the map', section, run: () => showOnMap(id) },
    { keys: ['x'], does: 'Select', section, run: () => selection.toggle(id) },
    {
      keys: ['Escape'],
      does: 'Back to the list',
      section,
      run: () => (region ? setRegion(undefined) : back()),
    },
  ]);

  if (image.failure && !shown) {
    return image.failure.problem.status === 404 ? (
      <Empty
        icon="image"
        title={`There is no image ${id}`}
        actions={
          <button type="button" class="button primary" onClick={() => navigate({ screen: 'browse' })}>
            Browse the collection
          </button>
        }
      >
        <p>It may have been removed. Ids are never given to another image.</p>
      </Empty>
    ) : (
      <ProblemState failure={image.failure} onRetry={image.reload} />
    );
  }

  const remove = async () => {
    const here = collection.peek();
    const sure = await confirm({
      title: 'Remove this image?',
      text: (
        <p>
          Takes it out of this collection. Its file stays where it is; adding its folder again brings it back.
        </p>
      ),
      action: 'Remove',
      danger: true,
    });
    if (!sure) return;
    try {
      await api.removeImages(here, [id]);
      selection.remove([id]);
      toast('Removed the image');
      contentChanged();
      navigate(listHref(route.peek().params));
    } catch (error) {
      toastFailure(error);
    }
  };

  return (
    <div class="image-screen">
      <header class="screen-head">
        <button
          type="button"
          class="button quiet icon-only"
          aria-label="Back to the list"
          title="Back (Esc)"
          onClick={back}
        >
          <Icon name="left" />
        </button>
        <h1 ref={heading} tabIndex={-1} class="image-name">
          {shown ? fileName(shown.name) : `Image ${id}`}
        </h1>
        <div class="screen-tools">
          {place.about && <span class="screen-about">{place.about}</span>}
          <button
            type="button"
            class="button quiet icon-only"
            aria-label="The one before"
            title="The one before (←)"
            disabled={!place.before}
            onClick={() => place.go(-1)}
          >
            <Icon name="left" />
          </button>
          <button
            type="button"
            class="button quiet icon-only"
            aria-label="The next one"
            title="The next one (→)"
            disabled={!place.next}
            onClick={() => place.go(1)}
          >
            <Icon name="right" />
          </button>
        </div>
      </header>
      <div class="image-layout">
        <div class="image-main">
          {shown && region ? (
            <div class="crop-stage">
              <CropEditor
                src={previewUrl(collection.value, shown)}
                alt={altText(shown)}
                value={region}
                onChange={setRegion}
                onDone={cropped}
              />
              <div class="crop-bar">
                <button type="button" class="button" onClick={() => setRegion(undefined)}>
                  Cancel
                </button>
                <button type="button" class="button primary" onClick={cropped}>
                  <Icon name="search" /> Search for this part
                </button>
              </div>
            </div>
          ) : (
            shown && <Viewer key={shown.id} image={shown} />
          )}
        </div>
        <aside class="image-panel" aria-label="About the image">
          {shown ? (
            <>
              {shown.missingSince !== null && <MissingNote image={shown} />}
              <div class="image-buttons">
                <button
                  type="button"
                  class="button primary"
                  title="Find similar (s)"
                  onClick={() => similarTo(id)}
                >
                  <Icon name="similar" /> Find similar
                </button>
                <button
                  type="button"
                  class="button"
                  aria-pressed={region !== undefined}
                  title="Search for a part of it (c)"
                  onClick={() => setRegion(region ? undefined : firstRegion)}
                >
                  <Icon name="crop" /> A part
                </button>
                <button
                  type="button"
                  class="button"
                  title="Show on the map (m)"
                  onClick={() => showOnMap(id)}
                >
                  <Icon name="map" /> Map
                </button>
              </div>
              <div class="field">
                <span>
                  Label{' '}
                  {shown.edited && (
                    <span class="badge" title="Set here, and not by its source">
                      edited
                    </span>
                  )}
                </span>
                <LabelEditor
                  image={shown}
                  onChange={(changed) => {
                    // It may be the answer to an undoing that was clicked beside another image.
                    if (changed.id === route.peek().image) image.set(changed);
                  }}
                />
              </div>
              <Facts image={shown} />
              <div class="image-foot">
                {shown.hasOriginal && (
                  <a
                    class="button small"
                    href={originalUrl(collection.value, id)}
                    download={fileName(shown.name)}
                  >
                    <Icon name="download" /> Original
                  </a>
                )}
                {mayChange() && (
                  <button type="button" class="button small" onClick={() => void remove()}>
                    <Icon name="trash" /> Remove
                  </button>
                )}
              </div>
            </>
          ) : (
            <SkeletonLines lines={8} />
          )}
        </aside>
        <div class="image-strip">{shown && <Neighbours key={shown.id} image={shown} />}</div>
      </div>
    </div>
  );
}

function MissingNote({ image }: { readonly image: ImageDetails }) {
  return (
    <div class="note" role="status">
      <Icon name="warning" />
      <p>
        Its file is gone since {time(image.missingSince!)}, so no search finds it. Put it back and start the
        job “add”, or remove the image.
      </p>
    </div>
  );
}

interface PlaceInList {
  readonly about: string | undefined;
  readonly before: boolean;
  readonly next: boolean;
  go(step: -1 | 1): unknown;
}

/** Where the image stands in the list that it was opened from, and how to go on in it. */
function usePlaceInList(): PlaceInList {
  const { params } = route.value;
  const at = Number(params.get('at') ?? Number.NaN);
  const key = new URLSearchParams(params);
  key.delete('at');
  const version = contentVersion.value;
  const items: GridItems<{ readonly id: number }> | undefined = useMemo(
    () => listOf(collection.peek(), route.peek().params, version),
    [key.toString(), version],
  );
  const known = items !== undefined && Number.isInteger(at) && at >= 0;
  useEffect(() => {
    if (known) items.need(Math.max(0, at - 1), at + 2);
  }, [items, known, at]);
  const total = known ? items.count.value : undefined;
  items?.version.value;
  const before = known ? items.at(at - 1) : undefined;
  const next = known ? items.at(at + 1) : undefined;
  return {
    about:
      total === undefined
        ? undefined
        : `${count(at + 1)} of ${count(total)}${items?.growing?.value ? '+' : ''}`,
    before: before !== undefined,
    next: next !== undefined,
    go(step) {
      const to = step === 1 ? next : before;
      if (!to) return false;
      const changed = new URLSearchParams(route.peek().params);
      changed.set('at', String(at + step));
      return navigate({ screen: 'image', image: to.id, params: changed }, { replace: true });
    },
  };
}
