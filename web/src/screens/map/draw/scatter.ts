import {
  type Bounds,
  between,
  type Camera,
  cameraOn,
  moved,
  type Size,
  toMap,
  toPicture,
  wholeMap,
  wholeScale,
  zoomed,
} from '../data/camera.js';
import { type Lasso, simplified } from '../data/lasso.js';
import type { MapPoints } from '../data/map-points.js';
import type { Theme } from '../data/palette.js';
import { pointStates } from '../data/picked.js';
import type { PointGrid } from '../data/point-grid.js';
import { canvasRenderer } from './canvas-renderer.js';
import { drawMarks } from './marks.js';
import { type PointRenderer, pointLook } from './point-renderer.js';
import { followPointers } from './pointers.js';
import { webglRenderer } from './webgl-renderer.js';

export interface ScatterListener {
  /** A point that is pointed at, and where it is in the picture; `undefined` when it no longer is. */
  onPoint(row: number | undefined, at: { x: number; y: number }, byTouch: boolean): void;
  onOpen(row: number): void;
  onLasso(lasso: Lasso): void;
  /** After what is seen has changed. */
  onView(camera: Camera, size: Size): void;
}

export type Tool = 'move' | 'lasso';

const animationMs = 420;
/** After so long without a move the map is at rest. */
const restMs = 140;
/** How near to a point one has to be, pixels. */
const reachPx = { pointer: 10, touch: 22, cross: 60 };

/**
 * The picture of a map: a canvas with the points, and one above it with what is marked. It owns what is seen (the camera) and
 * turns pointers into moves, zooms, lassos and points; what is picked and marked it is told.
 */
export class Scatter {
  tool: Tool = 'move';
  private readonly overlay: HTMLCanvasElement;
  private canvas!: HTMLCanvasElement;
  private renderer!: PointRenderer;
  private size: Size = { width: 0, height: 0 };
  private camera: Camera | undefined;
  private wish: { bounds: Bounds; most: number } | undefined;
  private look: { slots: Uint8Array; states: Uint8Array } | undefined;
  private marks = { rings: [] as readonly number[], pointed: undefined as number | undefined };
  private lasso: Lasso | undefined;
  private drawing: number[] | undefined;
  private cross = false;
  private theme: Theme = 'light';
  private frame = 0;
  /** When what is seen was last moved. */
  private movedMs = Number.NEGATIVE_INFINITY;
  /** Draws what was left out in a hurry. */
  private rest: number | undefined;
  private animation: { from: Camera; to: Camera; startMs: number } | undefined;
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly points: MapPoints,
    private readonly grid: PointGrid,
    private readonly listener: ScatterListener,
    private readonly options: { readonly start?: Camera | undefined; readonly still: () => boolean },
  ) {
    this.camera = options.start;
    this.overlay = document.createElement('canvas');
    this.overlay.className = 'map-overlay';
    host.prepend(this.overlay);
    this.takeRenderer(true);
    const observer = new ResizeObserver(() => this.measure());
    observer.observe(host);
    this.stops.push(() => observer.disconnect(), followPointers(host, this.gestures()));
    this.measure();
  }

  /** What draws the points: for tests and those who wonder. */
  get rendererKind(): PointRenderer['kind'] {
    return this.renderer.kind;
  }

  setLook(slots: Uint8Array, states: Uint8Array): void {
    this.look = { slots, states };
    this.renderer.setLook(slots, states);
    this.draw();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.draw();
  }

  setLasso(lasso: Lasso | undefined): void {
    this.lasso = lasso;
    this.draw();
  }

  /** @param rings rows around which a ring is drawn */
  setRings(rings: readonly number[]): void {
    this.marks = { ...this.marks, rings };
    this.draw();
  }

  /** Marks one row, as if it were pointed at. */
  setPointed(row: number | undefined): void {
    if (this.marks.pointed === row) return;
    this.marks = { ...this.marks, pointed: row };
    this.draw();
  }

  /** Goes to an area; not closer than `most` times the whole map. */
  show(bounds: Bounds, most = 40): void {
    if (this.size.width === 0 || !this.camera) {
      this.wish = { bounds, most };
      return;
    }
    this.goTo(cameraOn(bounds, this.size, Math.min(60, this.size.width / 8), most));
  }

  fit(): void {
    this.goTo(cameraOn(wholeMap, this.size));
  }

  zoomBy(factor: number): void {
    if (!this.camera) return;
    const middle = { x: this.size.width / 2, y: this.size.height / 2 };
    this.goTo(zoomed(this.animation?.to ?? this.camera, factor, middle, this.size));
  }

  moveBy(dx: number, dy: number): void {
    if (this.camera) this.setCamera(moved(this.camera, dx, dy));
  }

  /** Shows a cross in the middle, for those who move the map by keys, and points at what is under it. */
  setCross(shown: boolean): number | undefined {
    this.cross = shown;
    this.draw();
    if (!shown) return undefined;
    const middle = { x: this.size.width / 2, y: this.size.height / 2 };
    const row = this.pointAt(middle.x, middle.y, reachPx.cross);
    this.setPointed(row);
    const at = row === undefined ? middle : this.placeOf(row);
    this.listener.onPoint(row, at, false);
    return row;
  }

  placeOf(row: number): { x: number; y: number } {
    const [x, y] = toPicture(
      this.camera!,
      this.points.places[2 * row]!,
      this.points.places[2 * row + 1]!,
      this.size,
    );
    return { x, y };
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.rest);
    for (const stop of this.stops) stop();
    this.renderer.destroy();
    this.canvas.remove();
    this.overlay.remove();
  }

  /** A canvas whose WebGL was lost can never be drawn on otherwise, so each way to draw has its own. */
  private takeRenderer(mayUseWebgl: boolean): void {
    const { places } = this.points;
    const fresh = () => {
      this.canvas?.remove();
      this.canvas = document.createElement('canvas');
      this.canvas.className = 'map-points';
      this.host.prepend(this.canvas);
      return this.canvas;
    };
    const webgl = mayUseWebgl ? webglRenderer(fresh(), places) : undefined;
    this.renderer = webgl ?? canvasRenderer(fresh(), places);
    this.host.dataset.renderer = this.renderer.kind;
    this.canvas.addEventListener('webglcontextlost', () => {
      if (!this.canvas.isConnected) return;
      this.takeRenderer(false);
      this.resizeCanvases();
      if (this.look) this.renderer.setLook(this.look.slots, this.look.states);
      this.draw();
    });
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width === 0 || height === 0) return;
    const before = this.size;
    this.size = { width, height };
    this.resizeCanvases();
    if (this.camera && before.width > 0) {
      this.camera = {
        ...this.camera,
        scale: (this.camera.scale * wholeScale(this.size)) / wholeScale(before),
      };
    }
    this.camera ??= cameraOn(wholeMap, this.size);
    if (this.wish) {
      const { bounds, most } = this.wish;
      this.wish = undefined;
      this.camera = cameraOn(bounds, this.size, Math.min(60, width / 8), most);
    }
    this.listener.onView(this.camera, this.size);
    // At once: a canvas that was resized is empty.
    this.paint();
  }

  private resizeCanvases(): void {
    const ratio = Math.min(2, devicePixelRatio);
    for (const canvas of [this.canvas, this.overlay]) {
      canvas.width = Math.round(this.size.width * ratio);
      canvas.height = Math.round(this.size.height * ratio);
    }
  }

  private goTo(camera: Camera): void {
    if (!this.camera || this.options.still()) {
      this.setCamera(camera);
      return;
    }
    this.animation = { from: this.camera, to: camera, startMs: performance.now() };
    this.draw();
  }

  private setCamera(camera: Camera): void {
    this.animation = undefined;
    this.movedMs = performance.now();
    this.camera = camera;
    this.listener.onView(camera, this.size);
    this.draw();
  }

  private draw(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame((nowMs) => this.step(nowMs));
  }

  private step(nowMs: number): void {
    this.frame = 0;
    if (this.animation) {
      const { from, to, startMs } = this.animation;
      const share = Math.min(1, Math.max(0, (nowMs - startMs) / animationMs));
      this.camera = between(from, to, share);
      if (share === 1) this.animation = undefined;
      this.listener.onView(this.camera, this.size);
    }
    this.paint();
    if (this.animation) this.draw();
  }

  private paint(): void {
    if (!this.camera || !this.look || this.size.width === 0) return;
    const zoom = this.camera.scale / wholeScale(this.size);
    const { radius, opacity } = pointLook(this.points.length, zoom);
    const pixelRatio = this.canvas.width / this.size.width;
    const frame = {
      camera: this.camera,
      size: this.size,
      pixelRatio,
      theme: this.theme,
      radius,
      opacity,
    };
    const hurried = this.animation !== undefined || performance.now() - this.movedMs < restMs;
    this.renderer.draw(frame, hurried);
    if (!this.renderer.drewAll) {
      clearTimeout(this.rest);
      this.rest = window.setTimeout(() => this.draw(), restMs + 20);
    }
    drawMarks(this.overlay, frame, {
      places: this.points.places,
      ...this.marks,
      lasso: this.lasso,
      drawing: this.drawing,
      cross: this.cross,
    });
  }

  /** The row at a place of the picture; those that stepped aside cannot be pointed at. */
  private pointAt(x: number, y: number, reach: number): number | undefined {
    if (!this.camera) return undefined;
    const [mapX, mapY] = toMap(this.camera, x, y, this.size);
    const states = this.look?.states;
    return this.grid.nearest(
      mapX,
      mapY,
      reach / this.camera.scale,
      (row) => states?.[row] !== pointStates.aside,
    );
  }

  private gestures(): Parameters<typeof followPointers>[1] {
    return {
      wantsLine: (event) => this.tool === 'lasso' || event.shiftKey,
      onLine: (line) => {
        this.drawing = line;
        this.draw();
      },
      onLineEnd: (line) => {
        this.drawing = undefined;
        this.draw();
        const corners = Float32Array.from(line);
        for (let at = 0; at < corners.length; at += 2) {
          corners.set(toMap(this.camera!, line[at]!, line[at + 1]!, this.size), at);
        }
        if (corners.length >= 6) this.listener.onLasso(simplified(corners));
      },
      onMove: (dx, dy) => this.moveBy(dx, dy),
      onZoom: (factor, at) => {
        if (this.camera) this.setCamera(zoomed(this.camera, factor, at, this.size));
      },
      onHover: (at) => {
        const row = at && this.pointAt(at.x, at.y, reachPx.pointer);
        if (this.cross && row === undefined) return;
        this.cross = false;
        this.setPointed(row);
        this.listener.onPoint(row, row === undefined ? { x: 0, y: 0 } : this.placeOf(row), false);
      },
      onTap: (at, byTouch) => {
        const row = this.pointAt(at.x, at.y, byTouch ? reachPx.touch : reachPx.pointer);
        if (byTouch) {
          this.setPointed(row);
          this.listener.onPoint(row, row === undefined ? at : this.placeOf(row), true);
        } else if (row !== undefined) this.listener.onOpen(row);
      },
    };
  }
}
