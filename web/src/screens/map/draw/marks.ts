import { type Camera, type Size, toPicture } from '../data/camera.js';
import type { Lasso } from '../data/lasso.js';
import type { Theme } from '../data/palette.js';

interface Marks {
  readonly places: Float32Array;
  /** Rows with a ring around them. */
  readonly rings: readonly number[];
  /** The row that is pointed at. */
  readonly pointed: number | undefined;
  /** The line that points were picked by. */
  readonly lasso: Lasso | undefined;
  /** The line that is being drawn, in pixels. */
  readonly drawing: readonly number[] | undefined;
  readonly cross: boolean;
}

interface Frame {
  readonly camera: Camera;
  readonly size: Size;
  readonly pixelRatio: number;
  readonly theme: Theme;
  readonly radius: number;
}

const inks = {
  light: { line: '#2f5fd0', fill: 'rgb(47 95 208 / 0.08)', ring: '#16191d', halo: '#ffffff' },
  dark: { line: '#7da2ff', fill: 'rgb(125 162 255 / 0.1)', ring: '#ffffff', halo: '#0c0e10' },
};

/** Draws what is marked, over the points. */
export function drawMarks(canvas: HTMLCanvasElement, frame: Frame, marks: Marks): void {
  const context = canvas.getContext('2d')!;
  const { camera, size, pixelRatio, radius, theme } = frame;
  const ink = inks[theme];
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);

  const corners = marks.drawing ?? (marks.lasso && inPixels(marks.lasso, camera, size));
  if (corners && corners.length >= 4) {
    context.beginPath();
    for (let at = 0; at < corners.length; at += 2) context.lineTo(corners[at]!, corners[at + 1]!);
    context.closePath();
    context.fillStyle = ink.fill;
    context.fill();
    context.setLineDash(marks.drawing ? [] : [5, 4]);
    context.lineWidth = 1.5;
    context.strokeStyle = ink.line;
    context.stroke();
    context.setLineDash([]);
  }

  for (const row of marks.rings) ring(context, row, marks.places, frame, radius + 3, 1.75);
  if (marks.pointed !== undefined) ring(context, marks.pointed, marks.places, frame, radius + 5, 2.5);

  if (marks.cross) {
    const [x, y] = [size.width / 2, size.height / 2];
    context.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(x + 5 * dx, y + 5 * dy);
      context.lineTo(x + 14 * dx, y + 14 * dy);
    }
    context.lineWidth = 1.5;
    context.strokeStyle = ink.ring;
    context.stroke();
  }
}

/** Dark in light, or the other way about, so that it is seen on points of all colours. */
function ring(
  context: CanvasRenderingContext2D,
  row: number,
  places: Float32Array,
  { camera, size, theme }: Frame,
  radius: number,
  widthPx: number,
): void {
  const [x, y] = toPicture(camera, places[2 * row]!, places[2 * row + 1]!, size);
  if (x < -20 || y < -20 || x > size.width + 20 || y > size.height + 20) return;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = widthPx + 2;
  context.strokeStyle = inks[theme].halo;
  context.stroke();
  context.lineWidth = widthPx;
  context.strokeStyle = inks[theme].ring;
  context.stroke();
}

function inPixels(lasso: Lasso, camera: Camera, size: Size): number[] {
  const pixels: number[] = [];
  for (let at = 0; at < lasso.length; at += 2) {
    pixels.push(...toPicture(camera, lasso[at]!, lasso[at + 1]!, size));
  }
  return pixels;
}
