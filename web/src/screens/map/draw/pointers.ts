interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Gestures {
  /** Whether dragging from here draws a line, rather than moving the map. */
  wantsLine(event: PointerEvent): boolean;
  /** The line so far: x, y, x, y ... in pixels from the upper left corner. */
  onLine(line: number[]): void;
  onLineEnd(line: number[]): void;
  onMove(dx: number, dy: number): void;
  onZoom(factor: number, at: Place): void;
  /** Pointing without pressing; `undefined` when the pointer has left. */
  onHover(at: Place | undefined): void;
  onTap(at: Place, byTouch: boolean): void;
}

/** A hand is never quite still: what moves less is a tap. */
const tapPx = 5;
const lineStepPx = 3;

/** Turns pointers, of mice, pens and fingers, into gestures. @returns how to stop */
export function followPointers(host: HTMLElement, gestures: Gestures): () => void {
  const pressed = new Map<number, Place>();
  let start: Place | undefined;
  let line: number[] | undefined;
  let isTap = false;
  const stop = new AbortController();
  const on = <Type extends keyof HTMLElementEventMap>(
    type: Type,
    listener: (event: HTMLElementEventMap[Type]) => void,
    options: AddEventListenerOptions = {},
  ) => host.addEventListener(type, listener, { ...options, signal: stop.signal });

  const placeOf = (event: MouseEvent): Place => {
    const { left, top } = host.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const isPicture = (event: Event) => !(event.target as Element).closest('button, a, input, .map-card');

  on('pointerdown', (event) => {
    if (event.button !== 0 || !isPicture(event)) return;
    host.setPointerCapture(event.pointerId);
    pressed.set(event.pointerId, placeOf(event));
    if (pressed.size > 1) {
      // A second finger makes it a pinch.
      isTap = false;
      if (line) gestures.onLine([]);
      line = undefined;
      return;
    }
    start = placeOf(event);
    isTap = true;
    line = gestures.wantsLine(event) ? [start.x, start.y] : undefined;
  });

  on('pointermove', (event) => {
    const now = placeOf(event);
    const before = pressed.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== 'touch' && isPicture(event)) gestures.onHover(now);
      return;
    }
    pressed.set(event.pointerId, now);
    if (pressed.size === 2) {
      const other = [...pressed].find(([id]) => id !== event.pointerId)![1];
      const spread = (from: Place) => Math.max(10, Math.hypot(from.x - other.x, from.y - other.y));
      gestures.onZoom(spread(now) / spread(before), other);
      gestures.onMove((now.x - before.x) / 2, (now.y - before.y) / 2);
      return;
    }
    if (isTap && start && Math.hypot(now.x - start.x, now.y - start.y) < tapPx) return;
    if (isTap) {
      isTap = false;
      gestures.onHover(undefined);
    }
    if (!line) gestures.onMove(now.x - before.x, now.y - before.y);
    else if (Math.hypot(now.x - line.at(-2)!, now.y - line.at(-1)!) >= lineStepPx) {
      line.push(now.x, now.y);
      gestures.onLine(line);
    }
  });

  const release = (event: PointerEvent) => {
    if (!pressed.delete(event.pointerId) || pressed.size > 0) return;
    if (isTap && event.type === 'pointerup') gestures.onTap(placeOf(event), event.pointerType === 'touch');
    else if (line && event.type === 'pointerup') gestures.onLineEnd(line);
    else if (line) gestures.onLine([]);
    line = undefined;
    isTap = false;
  };
  on('pointerup', release);
  on('pointercancel', release);
  on('pointerleave', (event) => {
    if (!pressed.has(event.pointerId) && event.pointerType !== 'touch') gestures.onHover(undefined);
  });
  on(
    'wheel',
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      // What a touchpad calls a pinch is a wheel of small steps with Ctrl.
      const speed = event.ctrlKey ? 0.01 : 0.0018;
      gestures.onZoom(Math.exp(-event.deltaY * lines * speed), placeOf(event));
    },
    { passive: false },
  );
  return () => stop.abort();
}
