/** How the picture meets the target where their proportions differ. */
export type Fit =
  /** Fills the target; what sticks out at two sides is cropped. */
  | 'cover'
  /** The whole picture, on white. */
  | 'contain'
  /** Each axis is scaled by itself. */
  | 'stretch';

/** Kernels as Pillow and torchvision have them: widened by the reduction factor, so that every source pixel counts. */
export type ResizeFilter = 'bilinear' | 'bicubic' | 'lanczos';

/** How an image of any size is brought to the one size that a model takes. Part of what makes equal vectors. */
export interface ResizeRule {
  readonly fit: Fit;
  readonly filter: ResizeFilter;
  /**
   * With `cover`: the shorter side is scaled to this many pixels before the centre is cropped, as "256, then crop 224"
   * has it. Default: no more than it takes to fill the target.
   */
  readonly shorterSide?: number;
}

/** The rule of models that imagekin trains. */
export const defaultResizeRule: ResizeRule = { fit: 'cover', filter: 'bilinear' };
