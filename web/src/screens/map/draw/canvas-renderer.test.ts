import { expect, test } from 'vitest';
import { colourOf, rgbOf } from '../data/palette.js';
import { pointStates } from '../data/picked.js';
import { drawPoints } from './canvas-renderer.js';
import { drawOrder } from './draw-order.js';
import type { Frame } from './point-renderer.js';

const frame: Frame = {
  camera: { x: 0, y: 0, scale: 20 },
  size: { width: 60, height: 60 },
  pixelRatio: 1,
  theme: 'light',
  radius: 3,
  opacity: 0.5,
};

function drawn(places: number[], slots: number[], states: number[], step = 1, changes: Partial<Frame> = {}) {
  const picture = { width: 60, height: 60, data: new Uint8ClampedArray(60 * 60 * 4) } as ImageData;
  const bytes = (values: number[]) => Uint8Array.from(values);
  drawPoints(
    picture,
    Float32Array.from(places),
    bytes(slots),
    drawOrder(bytes(states)),
    { ...frame, ...changes },
    step,
  );
  return (x: number, y: number) => [...picture.data.slice(4 * (60 * y + x), 4 * (60 * y + x) + 4)];
}

test('a point is where the camera has it, y upwards, in its colour', () => {
  const pixel = drawn([1, 0.5], [1], [pointStates.picked]);
  expect(pixel(50, 20)).toEqual([...rgbOf(colourOf(1, 'light')), 242]);
  expect(pixel(50, 40)).toEqual([0, 0, 0, 0]);
  expect(pixel(10, 20)).toEqual([0, 0, 0, 0]);
});

test('what was picked lies over what was not, whatever their order', () => {
  const pixel = drawn([0, 0, 0, 0], [1, 2], [pointStates.picked, pointStates.plain]);
  const [red, green, blue] = pixel(30, 30);
  const [wantedRed, wantedGreen, wantedBlue] = rgbOf(colourOf(1, 'light'));
  expect(Math.hypot(red! - wantedRed, green! - wantedGreen, blue! - wantedBlue)).toBeLessThan(15);
});

test('two points that let light through make a darker spot than one', () => {
  const one = drawn([0, 0], [0], [pointStates.plain])(30, 30)[3]!;
  const two = drawn([0, 0, 0, 0], [0, 0], [pointStates.plain, pointStates.plain])(30, 30)[3]!;
  expect(one).toBe(128);
  expect(two).toBeGreaterThan(185);
});

test('points at the edge and beyond do not come in on the other side', () => {
  const pixel = drawn([1.5, 0, -30, 0], [0, 0], [pointStates.picked, pointStates.picked]);
  expect(pixel(59, 30)[3]).toBeGreaterThan(0);
  for (let line = 0; line < 60; line++) expect(pixel(0, line)).toEqual([0, 0, 0, 0]);
});

test('in a hurry, only every so many-th point is drawn', () => {
  const places = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? at / 10 - 1 : 0));
  const drawnAt = (step: number) => {
    const pixel = drawn(places, Array(10).fill(0), Array(10).fill(pointStates.picked), step, { radius: 0.8 });
    return places.filter((x, at) => at % 2 === 0 && pixel(30 + Math.round(20 * x), 30)[3]! > 0).length;
  };
  expect(drawnAt(1)).toBe(10);
  expect(drawnAt(5)).toBe(2);
});
