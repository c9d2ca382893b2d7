import { useEffect, useMemo, useState } from 'preact/hooks';
import { href, updateParams } from '../../router.js';
import { selection } from '../../state/selection.js';
import { counted } from '../../ui/format.js';
import { Segments } from '../../ui/segments.js';
import { announce } from '../../ui/toast.js';
import type { MapPoints } from './data/map-points.js';
import type { Picked } from './data/picked.js';
import { ImageList } from './image-list.js';
import { wantedClusters, wantedLabels, wantedLasso } from './map-params.js';
import { pickedImages } from './picked-images.js';
import type { MapData } from './use-map-data.js';

interface PickedPanelProps {
  readonly data: MapData;
  readonly picked: Picked;
}

/** More than this nobody acts on by hand, and no request takes. */
const mostSelected = 100_000;

/** The images that were picked, as pictures or as a table. */
export function PickedPanel({ data, picked }: PickedPanelProps) {
  const { points } = data;
  const [shown, setShown] = useState<'pictures' | 'table'>('pictures');
  const ids = useMemo(() => Uint32Array.from(picked.rows, (row) => points.ids[row]!), [picked, points]);
  const items = useMemo(() => pickedImages(ids), [ids]);
  useEffect(() => () => items.dispose(), [items]);
  const title = `${counted(ids.length, 'image')} picked`;
  useEffect(() => announce(title), [title]);
  return (
    <section class="picked" aria-label="Picked images">
      <header class="picked-head">
        <h2>{title}</h2>
        <Segments
          label="Show as"
          choices={[
            { value: 'pictures', name: 'Pictures' },
            { value: 'table', name: 'Table' },
          ]}
          value={shown}
          onChange={setShown}
        />
      </header>
      <div class="picked-actions">
        <button
          type="button"
          class="button small"
          disabled={ids.length === 0 || ids.length > mostSelected}
          onClick={() => selectPicked(points, picked)}
        >
          Select all
        </button>
        <button type="button" class="button small" onClick={clearPicked}>
          Clear
        </button>
      </div>
      {ids.length === 0 && <p class="muted">No image meets all of this.</p>}
      {ids.length > 0 && shown === 'pictures' && <ImageList label={title} items={items} />}
      {shown === 'table' && <PickedTable data={data} picked={picked} title={title} />}
    </section>
  );
}

export function selectPicked(points: MapPoints, { rows }: Picked): void {
  if (rows.length <= mostSelected) selection.set(Array.from(rows, (row) => points.ids[row]!));
}

/** Takes back clusters, labels and the lasso in one step. */
export function clearPicked(): void {
  const [clusters, labels, lasso] = [wantedClusters.peek(), wantedLabels.peek(), wantedLasso.peek()];
  if (clusters.length === 0 && labels.length === 0 && !lasso) return;
  updateParams((params) => {
    for (const name of ['clusters', 'labels', 'lasso']) params.delete(name);
  });
}

const rowsAtOnce = 200;

function PickedTable({ data: { points }, picked, title }: PickedPanelProps & { readonly title: string }) {
  const [shown, setShown] = useState(rowsAtOnce);
  return (
    <>
      <table class="picked-table">
        <caption class="unseen">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Image</th>
            <th scope="col">Label</th>
            <th scope="col" class="number">
              Cluster
            </th>
            <th scope="col" class="number" title="Robust standard deviations above the median distance">
              Outlier score
            </th>
          </tr>
        </thead>
        <tbody>
          {Array.from(picked.rows.subarray(0, shown), (row) => {
            const id = points.ids[row]!;
            return (
              <tr key={id}>
                <th scope="row">
                  <a href={href({ screen: 'image', image: id })}>{id}</a>
                </th>
                <td>{points.labels[points.labelCodes[row]!]!.label ?? <span class="muted">none</span>}</td>
                <td class="number">{points.clusters[row]}</td>
                <td class="number">{points.outlierScores[row]!.toFixed(1)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {shown < picked.rows.length && (
        <button type="button" class="button small" onClick={() => setShown(shown + rowsAtOnce)}>
          Show more
        </button>
      )}
    </>
  );
}
