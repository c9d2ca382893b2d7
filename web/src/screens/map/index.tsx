import { useComputed } from '@preact/signals';
import { useMemo, useState } from 'preact/hooks';
import { listItems } from '../../grid/items.js';
import { DerivedBanner, DerivedMissing, useDerivedJob } from '../../jobs/derived.js';
import { useShortcuts } from '../../keyboard.js';
import { SelectionBar } from '../../select/selection-bar.js';
import { count, counted, percent } from '../../ui/format.js';
import { ScreenHead } from '../../ui/screen.js';
import { Segments } from '../../ui/segments.js';
import { ProblemState } from '../../ui/states.js';
import { otherSlot, slotOf } from './data/palette.js';
import { countsOf, pick, type Wanted } from './data/picked.js';
import { Clusters, Labels } from './groups.js';
import { ImageList } from './image-list.js';
import {
  colourBy,
  highlighted,
  panel,
  panels,
  wantedClusters,
  wantedLabels,
  wantedLasso,
} from './map-params.js';
import { clearPicked, PickedPanel, selectPicked } from './picked-panel.js';
import { ScatterView } from './scatter-view.js';
import { type MapData, useMapData } from './use-map-data.js';
import './map.css';

/** Where images lie by likeness: which groups there are, of what, and what belongs to none. */
export default function MapScreen() {
  const [round, setRound] = useState(0);
  const again = () => setRound((before) => before + 1);
  const job = useDerivedJob('map', again);
  const { summary, data, failure } = useMapData(round);
  return (
    <>
      <ScreenHead
        title="Map"
        about={
          summary &&
          summary.state !== 'missing' &&
          `${counted(summary.images, 'image')}, ${counted(summary.clusters.length, 'cluster')}`
        }
      >
        {data && (
          <>
            <span class="muted" aria-hidden="true">
              Colour
            </span>
            <Segments
              label="Colour by"
              choices={[
                { value: 'cluster', name: 'Clusters' },
                { value: 'label', name: 'Labels' },
              ]}
              value={colourBy.value}
              onChange={colourBy.set}
            />
          </>
        )}
      </ScreenHead>
      {summary && summary.state !== 'missing' && (
        <DerivedBanner job={job} state={summary.state} computedAt={summary.computedAt} />
      )}
      {failure && <ProblemState failure={failure} onRetry={again} />}
      {!failure && !summary && (
        <div class="map-waiting skeleton pulsing" role="status" aria-label="Loading the map" />
      )}
      {!failure && summary && (summary.state === 'missing' || summary.images === 0) && (
        <DerivedMissing job={job} icon="map" title="No map yet" action="Make the map">
          <p>
            A map lays all images out so that alike ones lie together, finds the groups they form, and the
            images that are like nothing else. 10,000 images take about a minute.
          </p>
        </DerivedMissing>
      )}
      {!failure && summary && summary.images > 0 && !data && (
        <div class="map-waiting skeleton pulsing" role="status" aria-label="Loading the map" />
      )}
      {data && <MapView key={data.summary.computedAt} data={data} />}
    </>
  );
}

function MapView({ data }: { readonly data: MapData }) {
  const { points, grid, summary } = data;
  const wanted = useComputed(
    (): Wanted => ({
      clusters: new Set(wantedClusters.value),
      labels: new Set(wantedLabels.value),
      lasso: wantedLasso.value,
    }),
  ).value;
  const picked = useMemo(() => pick(points, grid, wanted), [points, wanted]);
  const counts = useMemo(() => countsOf(points, grid, wanted), [points, wanted]);
  const by = colourBy.value;
  const slots = useMemo(() => {
    const groupOf = by === 'label' ? points.labelCodes : points.clusters;
    const slotOfGroup: number[] = [];
    if (by === 'label') slotOfGroup.push(...points.labels.map((_, code) => slotOf(code)));
    else {
      summary.clusters.forEach(({ cluster }, index) => {
        slotOfGroup[cluster] = slotOf(index);
      });
    }
    const all = new Uint8Array(points.length);
    for (let row = 0; row < all.length; row++) all[row] = slotOfGroup[groupOf[row]!] ?? otherSlot;
    return all;
  }, [points, by]);
  const outliers = useMemo(() => listItems(summary.outliers), [summary]);
  useShortcuts([
    {
      keys: ['Escape'],
      does: 'Pick nothing',
      section: 'Map',
      run: () => {
        if (!picked.any && highlighted.peek().length === 0) return false;
        if (picked.any) clearPicked();
        else highlighted.set([]);
        return true;
      },
    },
  ]);
  const titles = {
    clusters: `Clusters`,
    labels: `Labels`,
    outliers: `Outliers`,
  };
  const sizes = {
    clusters: summary.clusters.length,
    labels: points.labels.length,
    outliers: summary.outliers.length,
  };
  return (
    <div class="map-view">
      <ScatterView data={data} picked={picked} slots={slots} />
      <aside class={`map-side${picked.any ? ' picking' : ''}`} aria-label="What is on the map">
        <div class="map-groups">
          <div class="segments map-tabs" role="tablist" aria-label="Lists">
            {panels.map((name) => (
              <button
                key={name}
                type="button"
                role="tab"
                id={`map-tab-${name}`}
                aria-selected={panel.value === name}
                aria-controls="map-panel"
                tabIndex={panel.value === name ? 0 : -1}
                onClick={() => panel.set(name, { replace: true })}
                onKeyDown={(event) => {
                  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
                  if (step === 0) return;
                  const next = panels[(panels.indexOf(name) + step + panels.length) % panels.length]!;
                  panel.set(next, { replace: true });
                  document.getElementById(`map-tab-${next}`)?.focus();
                  event.stopPropagation();
                  event.preventDefault();
                }}
              >
                {titles[name]} <span class="muted number">{count(sizes[name])}</span>
              </button>
            ))}
          </div>
          <div id="map-panel" role="tabpanel" aria-labelledby={`map-tab-${panel.value}`} class="map-panel">
            {panel.value === 'clusters' && <Clusters data={data} counts={counts} />}
            {panel.value === 'labels' && <Labels data={data} counts={counts} />}
            {panel.value === 'outliers' &&
              (summary.outliers.length === 0 ? (
                <p class="muted">Nothing is far from all else.</p>
              ) : (
                <ImageList
                  label="Outliers, the farthest first"
                  items={outliers}
                  detail={(image) => (
                    <span class="number muted" title="Robust standard deviations above the median distance">
                      {image.outlierScore.toFixed(1)}
                    </span>
                  )}
                />
              ))}
            {panel.value === 'clusters' && summary.trustworthiness !== null && (
              <p class="map-note">
                Neighbours on the map are neighbours indeed to {percent(summary.trustworthiness)}. Axes and
                distances between far groups mean nothing.
              </p>
            )}
          </div>
        </div>
        {picked.any && <PickedPanel data={data} picked={picked} />}
      </aside>
      <SelectionBar {...(picked.any && { onSelectAll: () => selectPicked(points, picked) })} />
    </div>
  );
}
