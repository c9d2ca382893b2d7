import type { Camera, Size } from '../data/camera.js';
import type { Theme } from '../data/palette.js';

/** Draws the points of a map. Knows nothing of pointers and lassos. */
export interface PointRenderer {
  readonly kind: 'webgl2' | 'canvas';
  /** What each point is drawn with: a slot of the palette, and one of `pointStates`. */
  setLook(slots: Uint8Array, states: Uint8Array): void;
  /** @param hurried whether the next frame follows at once, so that this one may leave something out */
  draw(frame: Frame, hurried: boolean): void;
  /** Whether the last frame left nothing out. */
  readonly drewAll: boolean;
  destroy(): void;
}

export interface Frame {
  readonly camera: Camera;
  /** Of the canvas, in CSS pixels. */
  readonly size: Size;
  readonly pixelRatio: number;
  readonly theme: Theme;
  /** Of a point, in CSS pixels. */
  readonly radius: number;
  /** Of points that are not picked and do not step aside. */
  readonly opacity: number;
}

/** Points that do not meet what was asked for are still to be seen, as where the others lie among. */
export const asideOpacity = 0.14;
export const pickedOpacity = 0.95;

/**
 * Points are large where there are few and get larger, slowly, when one zooms in; many are let through each other, so that one
 * sees where they are dense.
 */
export function pointLook(points: number, zoom: number): { radius: number; opacity: number } {
  const alone = Math.min(4.5, Math.max(0.7, 60 / Math.sqrt(points + 1) + 0.55));
  const radius = Math.min(9, alone * Math.max(0.6, zoom) ** 0.4);
  const crowd = Math.min(1, Math.max(0, Math.log10(points / 3000) / 3));
  return { radius, opacity: Math.min(0.9, 0.9 - 0.5 * crowd + 0.12 * Math.log2(Math.max(1, zoom))) };
}
