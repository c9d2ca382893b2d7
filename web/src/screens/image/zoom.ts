/** How an image stands in its frame: `scale` 1 fits it, x and y move it from the middle, CSS pixels. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const fitted: Zoom = { scale: 1, x: 0, y: 0 };
const mostScale = 32;

/** The size an image has in a frame when it is as large as fits. */
export function fittedSize(image: Size, frame: Size): Size {
  const scale = Math.min(frame.width / image.width, frame.height / image.height);
  return { width: image.width * scale, height: image.height * scale };
}

/** Zoomed by a factor, with what lies at a point (from the middle of the frame) staying there. */
export function zoomedAt(zoom: Zoom, factor: number, atX: number, atY: number): Zoom {
  const scale = Math.min(mostScale, Math.max(1, zoom.scale * factor));
  if (scale === 1) return fitted;
  const by = scale / zoom.scale;
  return { scale, x: atX - (atX - zoom.x) * by, y: atY - (atY - zoom.y) * by };
}

/** Moved so that no gap opens on one side while the image reaches over the other. */
export function bounded(zoom: Zoom, image: Size, frame: Size): Zoom {
  const size = fittedSize(image, frame);
  const room = (length: number, outer: number) => Math.max(0, (length * zoom.scale - outer) / 2);
  const [roomX, roomY] = [room(size.width, frame.width), room(size.height, frame.height)];
  // Adding zero turns -0 into 0.
  return {
    scale: zoom.scale,
    x: Math.min(roomX, Math.max(-roomX, zoom.x)) + 0,
    y: Math.min(roomY, Math.max(-roomY, zoom.y)) + 0,
  };
}
