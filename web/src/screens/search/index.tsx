import './search.css';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Facets } from '../../filters/facets.js';
import { FilterInput } from '../../filters/filter-input.js';
import { FilterPanel, useFilterPanel } from '../../filters/filter-panel.js';
import { ScoreThreshold } from '../../filters/score-threshold.js';
import { problemOfFilter, UnreadableFilter } from '../../filters/unreadable-filter.js';
import { Grid } from '../../grid/grid.js';
import { ImageTile } from '../../grid/image-tile.js';
import { FittingOption, TileSizeSwitch } from '../../grid/view-options.js';
import { imageActions, runImageAction } from '../../image-actions/image-actions.js';
import { useImageShortcuts } from '../../image-actions/use-image-shortcuts.js';
import type { Found, FoundItems } from '../../lists/found-items.js';
import { foundOf } from '../../lists/lists.js';
import { openFromList } from '../../lists/open-image.js';
import { queryCodec, requestOf } from '../../query/query.js';
import { QueryBox } from '../../query/query-box.js';
import { diversity, fold, minScore, query, where } from '../../query/state.js';
import { collection, route } from '../../router.js';
import { SelectionBar } from '../../select/selection-bar.js';
import { contentVersion } from '../../state/collections.js';
import { narrow } from '../../state/media.js';
import { tilePx } from '../../state/preferences.js';
import { selection } from '../../state/selection.js';
import { count, counted } from '../../ui/format.js';
import { useScreenHeading } from '../../ui/screen.js';
import { Empty, ProblemState } from '../../ui/states.js';
import { announce } from '../../ui/toast.js';
import { ResultBadges } from './result-badges.js';
import { SearchOptions } from './search-options.js';
import { Start } from './start.js';

export default function SearchScreen() {
  useImageShortcuts();
  const heading = useScreenHeading();
  const parts = query.value;
  const written = queryCodec.write(parts);
  const { shown, busy } = useFound();
  const filters = useFilterPanel(where.value, minScore.value === undefined ? 0 : 1);
  useEffect(() => {
    document.title = `${written === null ? 'Search' : `Search ${written}`} · ${collection.peek()} · imagekin`;
  }, [written]);

  const filterProblem = problemOfFilter(shown?.failure.value?.problem);
  return (
    <div class="search">
      <h1 ref={heading} tabIndex={-1} class="unseen">
        Search
      </h1>
      <QueryBox parts={parts} busy={busy} />
      {written === null ? (
        <Start />
      ) : (
        <>
          <div class="result-bar">
            {filters.button}
            <ResultCount items={shown} busy={busy} />
            <div class="screen-tools">
              <SearchOptions />
              {!narrow.value && <TileSizeSwitch />}
            </div>
          </div>
          <div class="with-filters">
            <FilterPanel open={filters.open} onClose={filters.close}>
              {(shown?.first.value?.histogram?.images ?? 0) > 0 && (
                <section class="facet" aria-label="Score">
                  <h2 class="facet-title">Score</h2>
                  <ScoreThreshold
                    histogram={shown!.first.value!.histogram!}
                    value={minScore.value}
                    onChange={(value) => minScore.set(value, { replace: true })}
                  />
                </section>
              )}
              <FilterInput
                value={where.value}
                problem={filterProblem}
                hints={shown?.first.value?.hints ?? []}
                onChange={(filter) => where.set(filter)}
              />
              <Facets filter={filterProblem ? '' : where.value} onChange={(filter) => where.set(filter)} />
              {narrow.value && <FittingOption />}
            </FilterPanel>
            <div class="results scroll">
              {!requestOf(parts, {}) ? (
                <Empty icon="unlike" title="Only unlike">
                  <p>
                    A search needs an image that results are like. Turn one of the query around, or add
                    another.
                  </p>
                </Empty>
              ) : (
                shown && <Results items={shown} />
              )}
            </div>
          </div>
          <SelectionBar
            scores={() => shown?.scores() ?? new Map()}
            onSelectAll={() => selection.set((shown?.all() ?? []).map((image) => image.id))}
          />
        </>
      )}
    </div>
  );
}

/** The results that are shown: those of the address, and until they are there the ones before. */
function useFound(): { readonly shown: FoundItems | undefined; readonly busy: boolean } {
  const written = queryCodec.write(query.value);
  const key = JSON.stringify([written, where.value, minScore.value, fold.value, diversity.value]);
  const version = contentVersion.value;
  const items = useMemo(() => foundOf(collection.peek(), route.peek().params, version), [key, version]);
  const [before, setBefore] = useState<FoundItems>();
  const ready = items && (items.count.value !== undefined || items.failure.value !== undefined);
  useEffect(() => {
    if (ready) setBefore(items);
  }, [ready, items]);
  return { shown: items === undefined || ready ? items : before, busy: items !== undefined && !ready };
}

function ResultCount({ items, busy }: { readonly items: FoundItems | undefined; readonly busy: boolean }) {
  const first = items?.first.value;
  const found = items?.count.value ?? 0;
  const text = first ? `${items.growing.value ? `${count(found)}+ results` : counted(found, 'result')}` : '';
  useEffect(() => {
    // Once for each answer, not for each page that scrolling brings.
    if (first && !busy)
      announce(items?.growing.peek() ? `More than ${found} results` : counted(found, 'result'));
  }, [first, busy]);
  return (
    <span class="screen-about">
      {text}
      {first && (
        <span class="wide-only">
          {' '}
          of {count(first.searched)} · {Math.max(1, Math.round(first.milliseconds))} ms
        </span>
      )}
    </span>
  );
}

function Results({ items }: { readonly items: FoundItems }) {
  const failure = items.failure.value;
  if (failure && items.count.value === undefined) {
    const problem = problemOfFilter(failure.problem);
    return problem ? (
      <UnreadableFilter problem={problem} onClear={() => where.set('')} />
    ) : (
      <ProblemState failure={failure} onRetry={() => items.retry()} />
    );
  }
  if (items.count.value === 0) return <NothingFound />;
  return (
    <Grid
      items={items}
      label="Results"
      tilePx={tilePx()}
      captionPx={22}
      memory="results"
      onOpen={(image: Found, index) => openFromList('search', image, index)}
      onKey={(key, image) => {
        if (key === 'f' && image.folded > 0) items.toggleFold(image.id);
        else return runImageAction(key, image);
        return true;
      }}
      tile={(image, index, passing) => (
        <ImageTile
          image={image}
          index={index}
          passing={passing}
          eager={index < 8}
          actions={imageActions(image)}
          badge={<ResultBadges found={image} onUnfold={() => items.toggleFold(image.of ?? image.id)} />}
          detail={<span class="tile-score">{image.score.toFixed(3)}</span>}
        />
      )}
    />
  );
}

function NothingFound() {
  const bounds = [
    where.value && { name: 'Clear the filter', run: () => where.set('') },
    minScore.value !== undefined && { name: 'Show lower scores', run: () => minScore.set(undefined) },
  ].filter((each) => typeof each === 'object');
  return (
    <Empty
      icon="search"
      title="Nothing is like that"
      actions={bounds.map((bound) => (
        <button key={bound.name} type="button" class="button primary" onClick={bound.run}>
          {bound.name}
        </button>
      ))}
    >
      <p>
        {bounds.length > 0
          ? 'No image that the filters leave is so like the query.'
          : 'No image of this collection has a vector to be compared with.'}
      </p>
    </Empty>
  );
}
