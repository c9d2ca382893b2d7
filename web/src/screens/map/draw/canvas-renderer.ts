import { colourOf, otherSlot, rgbOf, type Shape, shapeOf } from '../data/palette.js';
import { pointStates } from '../data/picked.js';
import { type DrawOrder, drawOrder } from './draw-order.js';
import { asideOpacity, type Frame, type PointRenderer, pickedOpacity } from './point-renderer.js';

/** While the map moves, a frame takes no longer than about this: some points are left out where there are too many. */
const hurriedMs = 24;

/**
 * Draws points where there is no WebGL: writes their pixels itself, as drawing a million of them one by one with the calls of a
 * canvas takes seconds.
 */
export function canvasRenderer(canvas: HTMLCanvasElement, places: Float32Array): PointRenderer {
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  let slots: Uint8Array = new Uint8Array(0);
  let order: DrawOrder = drawOrder(new Uint8Array(0));
  let picture: ImageData | undefined;
  let wholeMs = 0;
  let isWhole = true;
  return {
    kind: 'canvas',
    setLook(newSlots, states) {
      slots = newSlots;
      order = drawOrder(states);
    },
    draw(frame, hurried) {
      const { width, height } = canvas;
      if (width === 0 || height === 0) return;
      if (picture?.width === width && picture.height === height) picture.data.fill(0);
      else picture = new ImageData(width, height);
      const step = hurried ? Math.max(1, Math.ceil(wholeMs / hurriedMs)) : 1;
      const startMs = performance.now();
      drawPoints(picture, places, slots, order, frame, step);
      wholeMs = (performance.now() - startMs) * step;
      isWhole = step === 1;
      context.putImageData(picture, 0, 0);
    },
    get drewAll() {
      return isWhole;
    },
    destroy() {},
  };
}

type Pixels = Pick<ImageData, 'data' | 'width' | 'height'>;

/**
 * Draws those that step aside first and those that were picked last.
 *
 * @param rows in the order in which they are drawn
 * @param step only every so many-th of them
 */
export function drawPoints(
  picture: Pixels,
  places: Float32Array,
  slots: Uint8Array,
  { rows, ends }: DrawOrder,
  frame: Frame,
  step = 1,
): void {
  const { camera, pixelRatio } = frame;
  const { width, height } = picture;
  const scale = camera.scale * pixelRatio;
  const left = width / 2 - camera.x * scale;
  const top = height / 2 + camera.y * scale;
  const stamps = new Stamps(frame);
  for (const state of Object.values(pointStates)) {
    const from = state === 0 ? 0 : ends[state - 1]!;
    for (let at = from; at < ends[state]!; at += step) {
      const row = rows[at]!;
      const x = Math.round(left + places[2 * row]! * scale);
      const y = Math.round(top - places[2 * row + 1]! * scale);
      if (x < -edgePx || y < -edgePx || x >= width + edgePx || y >= height + edgePx) continue;
      press(picture, stamps.of(slots[row]!, state), x, y);
    }
  }
}

/** No stamp reaches farther from its middle. */
const edgePx = 20;

/** A small picture of a point: which pixels it covers, how much, from 0 to 255, and its colour. */
interface Stamp {
  /** Where a pixel is from the middle, and how much of it is covered: dx, dy, cover, ... */
  readonly pixels: Int16Array;
  readonly reach: number;
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

class Stamps {
  private readonly known: (Stamp | undefined)[] = [];

  constructor(private readonly frame: Frame) {}

  of(slot: number, state: number): Stamp {
    const at = state * (otherSlot + 1) + slot;
    this.known[at] ??= this.made(slot, state);
    return this.known[at];
  }

  private made(slot: number, state: number): Stamp {
    const { radius, pixelRatio, theme, opacity } = this.frame;
    const aside = state === pointStates.aside;
    const [red, green, blue] = rgbOf(colourOf(aside ? otherSlot : slot, theme));
    const alpha = aside ? asideOpacity : state === pointStates.picked ? pickedOpacity : opacity;
    return { ...coverOf(shapeOf(slot), radius * pixelRatio, alpha), red, green, blue };
  }
}

/** What covers less than this of a pixel is not to be seen. */
const leastCover = 12;

/** Measures what a shape covers of each pixel at four by four places in it. */
function coverOf(shape: Shape, radius: number, alpha: number): Pick<Stamp, 'pixels' | 'reach'> {
  const reach = Math.min(edgePx - 1, Math.ceil(radius));
  const pixels: number[] = [];
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      let inside = 0;
      for (let part = 0; part < 16; part++) {
        const dx = (x + ((part & 3) - 1.5) / 4) / radius;
        const dy = (y + ((part >> 2) - 1.5) / 4) / radius;
        if (covers(shape, dx, dy)) inside++;
      }
      const cover = Math.round((255 * alpha * inside) / 16);
      if (cover >= leastCover) pixels.push(x, y, cover);
    }
  }
  return { pixels: Int16Array.from(pixels), reach };
}

/** Whether a shape of radius 1 covers a place; y downwards. The same as in the shader. */
export function covers(shape: Shape, x: number, y: number): boolean {
  if (shape === 'circle') return x * x + y * y <= 1;
  if (shape === 'square') return Math.max(Math.abs(x), Math.abs(y)) <= 0.85;
  return y <= 0.75 && y >= 2 * Math.abs(x) - 1;
}

/** Lays a stamp over the picture; the colours of `ImageData` are not multiplied by their opacity. */
function press(
  { data, width, height }: Pixels,
  { pixels, reach, red, green, blue }: Stamp,
  x: number,
  y: number,
) {
  const isWhole = x >= reach && y >= reach && x < width - reach && y < height - reach;
  for (let each = 0; each < pixels.length; each += 3) {
    const column = x + pixels[each]!;
    const line = y + pixels[each + 1]!;
    if (!isWhole && (column < 0 || line < 0 || column >= width || line >= height)) continue;
    const over = pixels[each + 2]!;
    const at = 4 * (line * width + column);
    const under = data[at + 3]!;
    if (under === 0) {
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
      data[at + 3] = over;
      continue;
    }
    const alpha = over + (under * (255 - over)) / 255;
    const share = over / alpha;
    data[at]! += (red - data[at]!) * share;
    data[at + 1]! += (green - data[at + 1]!) * share;
    data[at + 2]! += (blue - data[at + 2]!) * share;
    data[at + 3] = alpha;
  }
}
