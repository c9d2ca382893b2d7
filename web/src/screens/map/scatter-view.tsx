import { useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useShortcuts } from '../../keyboard.js';
import { entryState, navigate, setEntryState } from '../../router.js';
import { reducedMotion } from '../../state/media.js';
import { selection } from '../../state/selection.js';
import { isDark } from '../../state/theme.js';
import { count } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { ClusterMarks } from './cluster-marks.js';
import { boundsOf, type Camera, type Size } from './data/camera.js';
import type { Picked } from './data/picked.js';
import { Scatter, type Tool } from './draw/scatter.js';
import { pointedId } from './map-focus.js';
import { highlighted, wantedClusters, wantedLasso } from './map-params.js';
import { PointCard } from './point-card.js';
import type { MapData } from './use-map-data.js';

interface ScatterViewProps {
  readonly data: MapData;
  readonly picked: Picked;
  /** What each point is drawn with. */
  readonly slots: Uint8Array;
}

interface Card {
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly byTouch: boolean;
}

const stepPx = 60;

/** The picture of the map, its tools, and what can be done there with keys alone. */
export function ScatterView({ data, picked, slots }: ScatterViewProps) {
  const { points, grid, rows } = data;
  const host = useRef<HTMLDivElement>(null);
  const scatter = useRef<Scatter>(undefined);
  const [tool, setTool] = useState<Tool>('move');
  const [card, setCard] = useState<Card>();
  const [view, setView] = useState<{ camera: Camera; size: Size }>();

  useLayoutEffect(() => {
    let timer: number | undefined;
    const start = entryState().mapCamera as Camera | undefined;
    const made = new Scatter(
      host.current!,
      points,
      grid,
      {
        onPoint(row, at, byTouch) {
          setCard(row === undefined ? undefined : { row, ...at, byTouch });
          pointedId.value = row === undefined ? undefined : points.ids[row];
        },
        onOpen: (row) => openImage(points.ids[row]!),
        onLasso: (lasso) => wantedLasso.set(lasso),
        onView(camera, size) {
          setView({ camera, size });
          setCard(undefined);
          clearTimeout(timer);
          timer = setTimeout(() => setEntryState({ mapCamera: camera }), 250);
        },
      },
      { start, still: () => reducedMotion.peek() },
    );
    scatter.current = made;
    return () => {
      clearTimeout(timer);
      made.destroy();
      pointedId.value = undefined;
    };
  }, [points]);

  useLayoutEffect(() => scatter.current!.setLook(slots, picked.states), [slots, picked]);
  useEffect(() => {
    scatter.current!.tool = tool;
  }, [tool]);
  useSignalEffect(() => scatter.current?.setTheme(isDark() ? 'dark' : 'light'));
  useSignalEffect(() => scatter.current?.setLasso(wantedLasso.value));
  useSignalEffect(() => {
    const id = pointedId.value;
    scatter.current?.setPointed(id === undefined ? undefined : rows.row(id));
  });
  const rowsOf = (ids: Iterable<number>) => [...ids].flatMap((id) => rows.row(id) ?? []);
  useSignalEffect(() => {
    scatter.current?.setRings(rowsOf(new Set([...highlighted.value, ...selection.ids.value])).slice(0, 2000));
  });
  // What "show on the map" asked for is gone to, unless one comes back to where one was.
  useSignalEffect(() => {
    const wanted = rowsOf(highlighted.value);
    if (wanted.length > 0 && !entryState().mapCamera)
      scatter.current?.show(boundsOf(wanted, points.places), 5);
  });

  const switchTool = () => setTool(tool === 'lasso' ? 'move' : 'lasso');
  const show = () => {
    scatter.current!.show(boundsOf(picked.rows, points.places));
    return undefined;
  };
  const toolButtons = [
    { name: 'Zoom in', keys: '+', icon: 'zoomIn', run: () => void scatter.current!.zoomBy(1.6) },
    { name: 'Zoom out', keys: '-', icon: 'zoomOut', run: () => void scatter.current!.zoomBy(1 / 1.6) },
    { name: 'Show the whole map', keys: '0', icon: 'fit', run: () => void scatter.current!.fit() },
  ] as const;

  useShortcuts([
    {
      keys: ['l'],
      does: 'Lasso, or move',
      section: 'Map',
      run: () => {
        switchTool();
      },
    },
    { keys: ['+', '='], does: 'Zoom in', section: 'Map', run: toolButtons[0].run },
    { keys: ['-'], does: 'Zoom out', section: 'Map', run: toolButtons[1].run },
    { keys: ['0'], does: 'The whole map', section: 'Map', run: toolButtons[2].run },
    { keys: ['f'], does: 'Go to what is picked', section: 'Map', run: () => picked.any && show() },
    { keys: ['Arrow keys'], does: 'Move the map under the cross', section: 'Map, when it has the focus' },
    {
      keys: ['Enter'],
      does: 'Open the image at the cross',
      section: 'Map, when it has the focus',
      run: () => false,
    },
    {
      keys: ['c'],
      does: 'Pick the cluster at the cross',
      section: 'Map, when it has the focus',
      run: () => false,
    },
  ]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 4 * stepPx : stepPx;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [step, 0],
      ArrowRight: [-step, 0],
      ArrowUp: [0, step],
      ArrowDown: [0, -step],
    };
    const move = moves[event.key];
    if (move) {
      scatter.current!.moveBy(...move);
      scatter.current!.setCross(true);
    } else if (event.key === 'Enter' || event.key === 'c') {
      const row = scatter.current!.setCross(true);
      if (row === undefined) return;
      if (event.key === 'Enter') openImage(points.ids[row]!);
      else {
        const cluster = points.clusters[row]!;
        const now = wantedClusters.peek();
        wantedClusters.set(
          now.includes(cluster) ? now.filter((each) => each !== cluster) : [...now, cluster],
        );
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={host}
      class={`map-picture ${tool}`}
      role="application"
      aria-roledescription="map of points"
      aria-label={`Map of ${count(points.length)} images`}
      aria-describedby="map-keys"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move the map; the tables beside it say the same in words.
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => scatter.current?.setCross(false)}
    >
      <span id="map-keys" class="unseen">
        Arrow keys move the map, plus and minus zoom, Enter opens the image in the middle, C picks its
        cluster. The lists beside the map pick clusters and labels.
      </span>
      {view && <ClusterMarks data={data} camera={view.camera} size={view.size} />}
      {card && <PointCard key={points.ids[card.row]} data={data} {...card} />}
      <div class="map-tools" role="toolbar" aria-label="Map tools" aria-orientation="vertical">
        <button
          type="button"
          class="button icon-only"
          aria-label="Lasso: pick images by drawing around them"
          aria-pressed={tool === 'lasso'}
          title="Lasso (l, or drag with Shift)"
          onClick={switchTool}
        >
          <LassoIcon />
        </button>
        {toolButtons.map(({ name, keys, icon, run }) => (
          <button
            key={name}
            type="button"
            class="button icon-only"
            aria-label={name}
            title={`${name} (${keys})`}
            onClick={run}
          >
            <Icon name={icon} />
          </button>
        ))}
      </div>
    </div>
  );
}

function openImage(id: number): void {
  navigate({ screen: 'image', image: id });
}

function LassoIcon() {
  return (
    <svg
      class="icon"
      width={16}
      height={16}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width={1.4}
      stroke-linecap="round"
      aria-hidden="true"
    >
      <path d="M5 10.2C3.200 9.500 2 8.200 2 6.600 2 4.100 4.700 2.200 8 2.200s6 1.900 6 4.400-2.700 4.400-6 4.400c-.6 0-1.100-.1-1.600-.2" />
      <path d="M5.600 9.400a1.400 1.400 0 1 0 .1 2.800 1.400 1.400 0 0 0-.1-2.800ZM6.200 12.100c.3.900 0 1.700-1 2.200" />
    </svg>
  );
}
