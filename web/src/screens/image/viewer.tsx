import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type ImageDetails, originalUrl, previewUrl, thumbnailUrl } from '../../api.js';
import { useShortcuts } from '../../keyboard.js';
import { collection } from '../../router.js';
import { altText } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { bounded, fitted, type Size, type Zoom, zoomedAt } from './zoom.js';

/** What browsers show themselves; of anything else the server's preview is all there is. */
const shownByBrowsers = new Set(['jpeg', 'jpg', 'png', 'webp', 'gif', 'avif', 'svg', 'bmp']);
const tinyPx = 100;
const keyFactor = 1.5;

/** An image, as large as there is room, to be looked at closely: by wheel, two fingers, double click or keys. */
export function Viewer({ image }: { readonly image: ImageDetails }) {
  const frame = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState<Zoom>(fitted);
  const [size, setSize] = useState<Size>({ width: 1, height: 1 });
  const [sharp, setSharp] = useState<string>();
  const [failed, setFailed] = useState(false);
  const pixels: Size = { width: image.width ?? 4, height: image.height ?? 3 };
  const tiny = Math.max(pixels.width, pixels.height) < tinyPx;
  const small = thumbnailUrl(collection.value, image);
  const preview = previewUrl(collection.value, image);
  const showsOriginal = image.hasOriginal && shownByBrowsers.has(image.format ?? '');
  const wanted = zoom.scale > 1.5 && showsOriginal ? originalUrl(collection.value, image.id) : preview;

  useLayoutEffect(() => {
    const measure = () => setSize({ width: frame.current!.clientWidth, height: frame.current!.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);

  // The small picture stands until the better one is decoded, so that nothing flickers.
  useEffect(() => {
    if (image.missingSince !== null) return;
    let stale = false;
    const loader = new Image();
    loader.src = wanted;
    loader.decode().then(
      () => !stale && setSharp(wanted),
      () => !stale && wanted === preview && setFailed(true),
    );
    return () => {
      stale = true;
      // Who goes on fast does not keep the server at previews that nobody will see.
      loader.src = '';
    };
  }, [wanted]);

  const change = (next: Zoom) => setZoom(bounded(next, pixels, size));
  const latest = useRef({ zoom, change });
  latest.current = { zoom, change };
  const byKey = (factor: number) => change(zoomedAt(zoom, factor, 0, 0));
  useShortcuts([
    { keys: ['+', '='], does: 'Nearer', section: 'Image', run: () => byKey(keyFactor) },
    { keys: ['-'], does: 'Farther', section: 'Image', run: () => byKey(1 / keyFactor) },
    { keys: ['0'], does: 'Fit', section: 'Image', run: () => change(fitted) },
  ]);

  useEffect(() => {
    const element = frame.current!;
    const fromMiddle = (event: { clientX: number; clientY: number }) => {
      const box = element.getBoundingClientRect();
      return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2] as const;
    };
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const [x, y] = fromMiddle(event);
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      latest.current.change(zoomedAt(latest.current.zoom, Math.exp(-event.deltaY * lines * 0.0018), x, y));
    };
    const pointers = new Map<number, readonly [number, number]>();
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as Element).closest('button')) return;
      pointers.set(event.pointerId, fromMiddle(event));
      element.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = fromMiddle(event);
      const { zoom: from, change: to } = latest.current;
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const distance = ([x, y]: readonly [number, number]) => Math.hypot(x - other[0], y - other[1]);
        const [x, y] = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
        to(zoomedAt(from, distance(now) / Math.max(1, distance(before)), x, y));
      } else to({ ...from, x: from.x + now[0] - before[0], y: from.y + now[1] - before[1] });
      pointers.set(event.pointerId, now);
    };
    const up = (event: PointerEvent) => pointers.delete(event.pointerId);
    const double = (event: MouseEvent) => {
      const [x, y] = fromMiddle(event);
      const { zoom: from, change: to } = latest.current;
      to(from.scale > 1 ? fitted : zoomedAt(from, 3, x, y));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('dblclick', double);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('dblclick', double);
    };
  }, []);

  return (
    <div ref={frame} class={zoom.scale > 1 ? 'viewer zoomed' : 'viewer'} data-scale={zoom.scale.toFixed(2)}>
      <img
        src={sharp ?? small}
        alt={altText(image)}
        class={tiny || zoom.scale > 8 ? 'pixelated' : undefined}
        draggable={false}
        style={{ transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` }}
      />
      {failed && (
        <p class="viewer-note" role="status">
          <Icon name="warning" /> Its file cannot be read; this is the small picture that the collection
          keeps.
        </p>
      )}
      <div class="viewer-tools">
        <button
          type="button"
          class="tile-action"
          aria-label="Farther"
          title="Farther (-)"
          onClick={() => byKey(1 / keyFactor)}
        >
          <Icon name="zoomOut" />
        </button>
        <button
          type="button"
          class="tile-action"
          aria-label="Fit"
          title="Fit (0)"
          onClick={() => change(fitted)}
        >
          <Icon name="fit" />
        </button>
        <button
          type="button"
          class="tile-action"
          aria-label="Nearer"
          title="Nearer (+)"
          onClick={() => byKey(keyFactor)}
        >
          <Icon name="zoomIn" />
        </button>
      </div>
    </div>
  );
}
