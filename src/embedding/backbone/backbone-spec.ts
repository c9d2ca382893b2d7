import type { Pooling } from '../../engine/index.js';
import type { Size } from '../../image/image.js';
import type { Fit, ResizeFilter, ResizeRule } from '../../image/resize-rule.js';

/** One number for each of red, green and blue. */
export type PerColour = readonly [red: number, green: number, blue: number];

/** How a model from elsewhere wants its images, and where in it the vectors are. */
export interface BackboneSpec {
  /** In pixels. */
  readonly inputSize: Size;
  readonly resize: ResizeRule;
  /** A value v of a pixel, 0 to 255, becomes (v · rescale − mean) / std. */
  readonly rescale: number;
  readonly mean: PerColour;
  readonly std: PerColour;
  /** The order in which the model takes colours. */
  readonly channels: 'rgb' | 'bgr';
  /** The output, or inner value, that vectors are made of. Default: the likeliest. */
  readonly output?: string;
  /** Default: by the shape of the output. */
  readonly pooling?: Pooling;
  /** With `mean`: how many tokens at the beginning are no patches of the image. Default 0. */
  readonly skipTokens?: number;
  readonly license?: string;
}

/** What a user says of it. What is left out comes from elsewhere. */
export interface BackboneFlags {
  /** Path of a `preprocessor_config.json`. */
  readonly preprocessing?: string;
  readonly inputSize?: Size;
  readonly fit?: Fit;
  readonly filter?: ResizeFilter;
  readonly shorterSide?: number;
  readonly rescale?: number;
  readonly mean?: PerColour;
  readonly std?: PerColour;
  readonly channels?: 'rgb' | 'bgr';
  readonly output?: string;
  readonly pooling?: Pooling;
  readonly skipTokens?: number;
}

/** The part of a specification that a `preprocessor_config.json` gives. */
export type Preprocessing = Pick<
  BackboneSpec,
  'inputSize' | 'resize' | 'rescale' | 'mean' | 'std' | 'channels'
>;
