/** How closely pictures are looked at, the same for all that are compared. */
export interface LinkedZoom {
  /** 1: the picture fits. */
  readonly scale: number;
  /** Where the middle of the picture is moved to, as shares of the frame from its own middle. */
  readonly x: number;
  readonly y: number;
}

export const fitted: LinkedZoom = { scale: 1, x: 0, y: 0 };

const mostScale = 16;

/** Zooms so that what is at a place of the frame, in shares from its middle, stays there. */
export function zoomedAt(zoom: LinkedZoom, factor: number, x = 0, y = 0): LinkedZoom {
  const scale = Math.min(mostScale, Math.max(1, zoom.scale * factor));
  const share = scale / zoom.scale;
  return inFrame({ scale, x: x + (zoom.x - x) * share, y: y + (zoom.y - y) * share });
}

export function draggedBy(zoom: LinkedZoom, dx: number, dy: number): LinkedZoom {
  return inFrame({ ...zoom, x: zoom.x + dx, y: zoom.y + dy });
}

/** The frame is always full: no edge of the picture comes inside it. */
function inFrame({ scale, x, y }: LinkedZoom): LinkedZoom {
  const most = (scale - 1) / 2;
  const within = (value: number) => Math.min(most, Math.max(-most, value)) + 0;
  return { scale, x: within(x), y: within(y) };
}

/** As a style; of an element that fills the frame. */
export function transformOf({ scale, x, y }: LinkedZoom): string {
  return `translate(${(100 * x).toFixed(3)}%, ${(100 * y).toFixed(3)}%) scale(${scale.toFixed(4)})`;
}
