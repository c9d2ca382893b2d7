import { colourOf, otherSlot, rgbOf, type Shape, shapeOf } from '../data/palette.js';
import { pointStates } from '../data/picked.js';
import { asideOpacity, type Frame, type PointRenderer, pickedOpacity } from './point-renderer.js';

/**
 * Draws points where there is no WebGL: writes their pixels itself, as drawing a million of them one by one with the calls of a
 * canvas takes seconds.
 */
export function canvasRenderer(canvas: HTMLCanvasElement, places: Float32Array): PointRenderer {
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  let slots: Uint8Array = new Uint8Array(0);
  let states: Uint8Array = new Uint8Array(0);
  let picture: ImageData | undefined;
  return {
    kind: 'canvas',
    setLook(newSlots, newStates) {
      slots = newSlots;
      states = newStates;
    },
    draw(frame) {
      const { width, height } = canvas;
      if (width === 0 || height === 0) return;
      if (picture?.width === width && picture.height === height) picture.data.fill(0);
      else picture = new ImageData(width, height);
      drawPoints(picture, places, slots, states, frame);
      context.putImageData(picture, 0, 0);
    },
    destroy() {},
  };
}

type Pixels = Pick<ImageData, 'data' | 'width' | 'height'>;

/** Draws those that step aside first and those that were picked last. */
export function drawPoints(
  picture: Pixels,
  places: Float32Array,
  slots: Uint8Array,
  states: Uint8Array,
  frame: Frame,
): void {
  const { camera, pixelRatio } = frame;
  const scale = camera.scale * pixelRatio;
  const left = picture.width / 2 - camera.x * scale;
  const top = picture.height / 2 + camera.y * scale;
  const stamps = new Stamps(frame);
  for (const state of [pointStates.aside, pointStates.plain, pointStates.picked]) {
    for (let row = 0; row < states.length; row++) {
      if (states[row] !== state) continue;
      const x = Math.round(left + places[2 * row]! * scale);
      const y = Math.round(top - places[2 * row + 1]! * scale);
      if (x < -16 || y < -16 || x > picture.width + 16 || y > picture.height + 16) continue;
      press(picture, stamps.of(slots[row]!, state), x, y);
    }
  }
}

/** A small picture of a point: how much of each of its pixels it covers, from 0 to 255, and its colour. */
interface Stamp {
  readonly across: number;
  readonly cover: Uint8Array;
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

/** Measures what a shape covers of each pixel at four by four places in it. */
function coverOf(shape: Shape, radius: number, alpha: number): Pick<Stamp, 'across' | 'cover'> {
  const half = Math.ceil(radius);
  const across = 2 * half + 1;
  const cover = new Uint8Array(across * across);
  for (let y = 0; y < across; y++) {
    for (let x = 0; x < across; x++) {
      let inside = 0;
      for (let part = 0; part < 16; part++) {
        const dx = (x - half + ((part & 3) - 1.5) / 4) / radius;
        const dy = (y - half + ((part >> 2) - 1.5) / 4) / radius;
        if (covers(shape, dx, dy)) inside++;
      }
      cover[y * across + x] = Math.round((255 * alpha * inside) / 16);
    }
  }
  return { across, cover };
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
  { across, cover, red, green, blue }: Stamp,
  x: number,
  y: number,
) {
  const [left, top] = [x - (across >> 1), y - (across >> 1)];
  for (let line = Math.max(0, -top); line < across && top + line < height; line++) {
    for (let column = Math.max(0, -left); column < across && left + column < width; column++) {
      const over = cover[line * across + column]!;
      if (over === 0) continue;
      const at = 4 * ((top + line) * width + left + column);
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
}
