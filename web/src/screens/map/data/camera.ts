/** What of the map is seen: the place in the middle of the picture, and how many pixels a unit is long. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

export const wholeMap: Bounds = { left: -1, right: 1, bottom: -1, top: 1 };

/** Of the whole map; closer than this there is nothing more to see, as places are numbers of 24 bits. */
const mostZoom = 2000;

/** Shows an area whole, in the middle, with a margin; small areas not closer than `mostScale` times the whole. */
export function cameraOn(bounds: Bounds, size: Size, margin = 24, most = mostZoom): Camera {
  const scale = Math.min(
    Math.max(1, size.width - 2 * margin) / Math.max(1e-9, bounds.right - bounds.left),
    Math.max(1, size.height - 2 * margin) / Math.max(1e-9, bounds.top - bounds.bottom),
  );
  return {
    x: (bounds.left + bounds.right) / 2,
    y: (bounds.bottom + bounds.top) / 2,
    scale: Math.min(scale, most * wholeScale(size)),
  };
}

/** The scale at which the whole map is seen. */
export function wholeScale(size: Size): number {
  return Math.max(1, Math.min(size.width, size.height) - 48) / 2;
}

/** Zooms so that what is under a place of the picture, in pixels from its upper left corner, stays there. */
export function zoomed(camera: Camera, factor: number, at: { x: number; y: number }, size: Size): Camera {
  const whole = wholeScale(size);
  const scale = Math.min(mostZoom * whole, Math.max(whole / 4, camera.scale * factor));
  const [x, y] = toMap(camera, at.x, at.y, size);
  const share = camera.scale / scale;
  return held({ x: x + (camera.x - x) * share, y: y + (camera.y - y) * share, scale });
}

/** Moves what is seen by pixels: to the right and down where both are positive. */
export function moved(camera: Camera, dx: number, dy: number): Camera {
  return held({ ...camera, x: camera.x - dx / camera.scale, y: camera.y + dy / camera.scale });
}

/** The map cannot be lost out of sight. */
function held({ x, y, scale }: Camera): Camera {
  return { x: Math.min(1, Math.max(-1, x)), y: Math.min(1, Math.max(-1, y)), scale };
}

export function toMap(camera: Camera, x: number, y: number, { width, height }: Size): [number, number] {
  return [camera.x + (x - width / 2) / camera.scale, camera.y - (y - height / 2) / camera.scale];
}

export function toPicture(camera: Camera, x: number, y: number, { width, height }: Size): [number, number] {
  return [(x - camera.x) * camera.scale + width / 2, (camera.y - y) * camera.scale + height / 2];
}

/** The area that some points fill. */
export function boundsOf(rows: ArrayLike<number>, places: Float32Array): Bounds {
  if (rows.length === 0) return wholeMap;
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < rows.length; at++) {
    const [x, y] = [places[2 * rows[at]!]!, places[2 * rows[at]! + 1]!];
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  return { left, right, bottom, top };
}

/** A camera on the way from one to another, at a share of the way from 0 to 1. */
export function between(from: Camera, to: Camera, share: number): Camera {
  const eased = share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
  return {
    x: from.x + (to.x - from.x) * eased,
    y: from.y + (to.y - from.y) * eased,
    scale: from.scale * (to.scale / from.scale) ** eased,
  };
}
