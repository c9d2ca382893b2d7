import './browse.css';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ImageSummary } from '../../api.js';
import { Facets } from '../../filters/facets.js';
import { FilterInput } from '../../filters/filter-input.js';
import { FilterPanel, useFilterPanel } from '../../filters/filter-panel.js';
import { problemOfFilter, UnreadableFilter } from '../../filters/unreadable-filter.js';
import { Grid } from '../../grid/grid.js';
import { ImageTile } from '../../grid/image-tile.js';
import type { PagedItems } from '../../grid/items.js';
import { FittingOption, TileSizeSwitch } from '../../grid/view-options.js';
import { imageActions, runImageAction } from '../../image-actions/image-actions.js';
import { useImageShortcuts } from '../../image-actions/use-image-shortcuts.js';
import { browsedOf, listCodecs, orders } from '../../lists/lists.js';
import { openFromList } from '../../lists/open-image.js';
import { flag, param, text } from '../../params.js';
import { addToCollection } from '../../query/drop-target.js';
import { acceptedFiles } from '../../query/state.js';
import { collection, navigate, route } from '../../router.js';
import { SelectionBar } from '../../select/selection-bar.js';
import { contentVersion, current } from '../../state/collections.js';
import { narrow } from '../../state/media.js';
import { tilePx } from '../../state/preferences.js';
import { selection } from '../../state/selection.js';
import { mayChange } from '../../state/session.js';
import { count, counted } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { ScreenHead } from '../../ui/screen.js';
import { Command, Empty, ProblemState } from '../../ui/states.js';
import { announce, toast, toastFailure } from '../../ui/toast.js';
import { idsOf, mostIds } from './ids-of.js';

const where = param('where', text);
const order = param('order', listCodecs.order);
const missing = param('missing', flag);

const orderNames: Record<(typeof orders)[number], string> = {
  id: 'Oldest first',
  '-id': 'Newest first',
  name: 'Name, A to Z',
  '-name': 'Name, Z to A',
  label: 'Label, A to Z',
  '-label': 'Label, Z to A',
  '-addedAt': 'Added last',
  addedAt: 'Added first',
};

export default function BrowseScreen() {
  useImageShortcuts();
  const items = useBrowsed();
  const filters = useFilterPanel(where.value, missing.value ? 1 : 0);
  const total = items.count.value;
  useEffect(() => {
    if (total !== undefined) announce(counted(total, 'image'));
  }, [total]);
  const filterProblem = problemOfFilter(items.failure.value?.problem);

  return (
    <div class="browse">
      <ScreenHead title={missing.value ? 'Missing images' : 'Browse'} about={aboutCount(total)}>
        <select
          class="input"
          aria-label="Order"
          value={order.value}
          onChange={(event) => order.set(event.currentTarget.value as (typeof orders)[number])}
        >
          {orders.map((each) => (
            <option key={each} value={each}>
              {orderNames[each]}
            </option>
          ))}
        </select>
        {!narrow.value && <TileSizeSwitch />}
        {mayChange() && <AddButton />}
      </ScreenHead>
      {narrow.value && <div class="browse-bar">{filters.button}</div>}
      <div class="with-filters">
        <FilterPanel open={filters.open} onClose={filters.close}>
          <FilterInput
            value={where.value}
            problem={filterProblem}
            hints={(items as { hints?: readonly string[] }).hints ?? []}
            onChange={(filter) => where.set(filter)}
          />
          <Facets filter={filterProblem ? '' : where.value} onChange={(filter) => where.set(filter)} />
          {((current.value?.missing ?? 0) > 0 || missing.value) && (
            <label class="option">
              <input
                type="checkbox"
                checked={missing.value}
                onChange={(event) => missing.set(event.currentTarget.checked)}
              />
              <span>Only missing files</span>
              <span class="facet-count">{count(current.value?.missing ?? 0)}</span>
            </label>
          )}
          <FittingOption />
        </FilterPanel>
        <div class="scroll">
          <Images items={items} />
        </div>
      </div>
      <SelectionBar onSelectAll={() => void selectAll()} />
    </div>
  );
}

/** The images of the address. After a change of the content, those before stand until the new ones are there. */
function useBrowsed(): PagedItems<ImageSummary> {
  const version = contentVersion.value;
  const key = JSON.stringify([where.value, order.value, missing.value]);
  const items = useMemo(() => browsedOf(collection.peek(), route.peek().params, version), [key, version]);
  const [before, setBefore] = useState({ key, items });
  const ready = items.count.value !== undefined || items.failure.value !== undefined;
  useEffect(() => {
    if (ready) setBefore({ key, items });
  }, [ready, items]);
  return ready || before.key !== key ? items : before.items;
}

function aboutCount(total: number | undefined): string {
  if (total === undefined) return '';
  if (!where.value || narrow.value) return count(total);
  return `${count(total)} of ${count(current.value?.images ?? total)}`;
}

function Images({ items }: { readonly items: PagedItems<ImageSummary> }) {
  const failure = items.failure.value;
  if (failure && items.count.value === undefined) {
    const problem = problemOfFilter(failure.problem);
    return problem ? (
      <UnreadableFilter problem={problem} onClear={() => where.set('')} />
    ) : (
      <ProblemState failure={failure} onRetry={() => items.retry()} />
    );
  }
  if (items.count.value === 0) return <Nothing />;
  return (
    <Grid
      items={items}
      label="Images"
      tilePx={tilePx()}
      captionPx={22}
      memory="images"
      onOpen={(image, index) => openFromList('browse', image, index)}
      onKey={runImageAction}
      tile={(image, index, passing) => (
        <ImageTile
          image={image}
          index={index}
          passing={passing}
          eager={index < 12}
          actions={imageActions(image)}
        />
      )}
    />
  );
}

async function selectAll(): Promise<void> {
  const here = route.peek();
  try {
    const query = { order: order.peek(), filter: where.peek(), ...(missing.peek() && { missing: true }) };
    const ids = await idsOf(collection.peek(), query);
    // Who has gone on to others meanwhile must not find these selected: ids mean other images in another collection.
    if (route.peek() !== here) return;
    selection.set(ids);
    if (ids.length >= mostIds) toast(`Selected the first ${count(ids.length)}: more are not changed at once`);
  } catch (error) {
    toastFailure(error);
  }
}

function AddButton() {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="button" aria-label="Add images" onClick={() => chooser.current?.click()}>
        <Icon name="plus" /> <span class="wide-only">Add images</span>
      </button>
      <input
        ref={chooser}
        type="file"
        accept={acceptedFiles}
        multiple
        hidden
        aria-label="Images to add"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) void addToCollection(files);
        }}
      />
    </>
  );
}

function Nothing() {
  if (where.value || missing.value) {
    return (
      <Empty
        icon="filter"
        title="No image meets the filter"
        actions={
          <button
            type="button"
            class="button primary"
            onClick={() => navigate({ screen: 'browse', params: { order: order.value } })}
          >
            Clear the filter
          </button>
        }
      >
        <p>Take one of its conditions away, or choose other values.</p>
      </Empty>
    );
  }
  return (
    <Empty icon="image" title="The collection is empty" actions={mayChange() && <AddButton />}>
      <p>Drop images here, or add a folder of them:</p>
      <Command>{`imagekin add ${collection.value}.kin ./photos`}</Command>
    </Empty>
  );
}
