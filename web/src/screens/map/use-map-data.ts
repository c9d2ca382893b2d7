import { useEffect, useState } from 'preact/hooks';
import { api, type CollectionMap, type Failure, failureOf } from '../../api.js';
import { collection } from '../../router.js';
import type { MapPoints } from './data/map-points.js';
import { PointGrid } from './data/point-grid.js';
import { RowsById } from './data/rows-by-id.js';

export interface MapData {
  readonly summary: CollectionMap;
  readonly points: MapPoints;
  readonly grid: PointGrid;
  readonly rows: RowsById;
}

interface Loading {
  readonly summary: CollectionMap | undefined;
  readonly data: MapData | undefined;
  readonly failure: Failure | undefined;
}

const nothing: Loading = { summary: undefined, data: undefined, failure: undefined };

/** Loads the map, and the code that reads its points, as neither is needed on any other screen. */
export function useMapData(round: number): Loading {
  const [state, setState] = useState(nothing);
  useEffect(() => {
    const aborter = new AbortController();
    const { signal } = aborter;
    load(collection.peek(), signal, (summary) => setState((before) => ({ ...before, summary }))).then(
      (data) => setState((before) => ({ ...before, data, failure: undefined })),
      (error: unknown) => {
        if (!signal.aborted) setState((before) => ({ ...before, failure: failureOf(error) }));
      },
    );
    return () => aborter.abort();
  }, [round]);
  return state;
}

async function load(
  name: string,
  signal: AbortSignal,
  onSummary: (summary: CollectionMap) => void,
): Promise<MapData | undefined> {
  const summary = await api.map(name, signal);
  onSummary(summary);
  if (summary.state === 'missing' || summary.images === 0) return undefined;
  const [{ readPoints }, stream] = await Promise.all([
    import('./data/arrow-points.js'),
    api.mapPoints(name, signal),
  ]);
  signal.throwIfAborted();
  const points = readPoints(stream);
  return { summary, points, grid: new PointGrid(points.places), rows: new RowsById(points.ids) };
}
