import { useMemo } from 'preact/hooks';
import { clusterName } from './cluster-name.js';
import { type Camera, type Size, toPicture } from './data/camera.js';
import { wantedClusters } from './map-params.js';
import type { MapData } from './use-map-data.js';

interface ClusterMarksProps {
  readonly data: MapData;
  readonly camera: Camera;
  readonly size: Size;
}

const heightPx = 22;
const letterPx = 7;
const most = 60;

/** Names of clusters at their medoids; where two would overlap, that of the larger. The list beside the map says the same. */
export function ClusterMarks({ data: { summary, points, rows }, camera, size }: ClusterMarksProps) {
  const places = useMemo(
    () =>
      [...summary.clusters]
        .sort((a, b) => b.images - a.images)
        .slice(0, most)
        .flatMap((cluster) => {
          const row = rows.row(cluster.medoid);
          if (row === undefined) return [];
          const name = clusterName(cluster);
          return [
            {
              cluster: cluster.cluster,
              name,
              x: points.places[2 * row]!,
              y: points.places[2 * row + 1]!,
              widthPx: name.length * letterPx + 16,
            },
          ];
        }),
    [summary, points],
  );
  const taken: { left: number; right: number; top: number }[] = [];
  const wanted = wantedClusters.value;
  return (
    <div class="map-marks" aria-hidden="true">
      {places.map(({ cluster, name, x, y, widthPx }) => {
        const [left, top] = toPicture(camera, x, y, size);
        const box = { left: left - widthPx / 2, right: left + widthPx / 2, top };
        const isHidden =
          box.right < 0 ||
          box.left > size.width ||
          top < 0 ||
          top > size.height ||
          taken.some(
            (other) =>
              box.left < other.right && box.right > other.left && Math.abs(top - other.top) < heightPx + 2,
          );
        if (isHidden) return null;
        taken.push(box);
        return (
          <button
            key={cluster}
            type="button"
            tabIndex={-1}
            class={`map-mark${wanted.length > 0 && !wanted.includes(cluster) ? ' aside' : ''}`}
            style={{
              transform: `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px) translate(-50%, -50%)`,
            }}
            onClick={() => wantedClusters.set(wanted.length === 1 && wanted[0] === cluster ? [] : [cluster])}
          >
            {name}
          </button>
        );
      })}
    </div>
  );
}
