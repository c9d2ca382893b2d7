/** A picture in memory: 8-bit sRGB, no alpha, rows from the top, `data[(y * width + x) * 3 + channel]`. */
export interface Image {
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
  /** uint8 [height, width, 3]. */
  readonly data: Uint8Array;
}

/** A size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
