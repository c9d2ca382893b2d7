import type { Initializer, Layout, Tensor } from '../engine/index.js';
import type { Size } from '../image/image.js';
import type { LabelledVectors } from './discriminant.js';

/** A part of a recipe that can be written down: its name and the options it was made with, as plain JSON. */
export interface Described {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where a network asks for its parameters while it is built. */
export interface NetworkContext {
  /** Whether the graph is for training (batch statistics, dropout) or for embedding. */
  readonly training: boolean;
  /** Order of the axes of its feature maps. */
  readonly layout: Layout;
  /** A learned tensor. */
  parameter(name: string, shape: readonly number[], initializer: Initializer): Tensor;
  /** A tensor that training updates by a rule of its own, such as a running mean. */
  state(name: string, shape: readonly number[], initializer: Initializer): Tensor;
  /** Gives a state its value after this step. */
  update(state: Tensor, next: Tensor): void;
}

/** Images that a network is fitted to before the first step. */
export interface FittingImages {
  /** uint8 [count, height, width, 3] */
  readonly pixels: Uint8Array;
  readonly count: number;
  readonly width: number;
  readonly height: number;
}

/** A model that is not trained any further, and whose embeddings a network takes in the place of pixels. */
export interface Backbone {
  /** Length of its embeddings. */
  readonly dimension: number;
  /** Size of the images it takes. */
  readonly inputSize: Size;
}

/** A network that turns images into embeddings. */
export interface Network extends Described {
  /** Size of the images it takes. */
  readonly inputSize: Size;
  /** The model whose embeddings it takes in the place of pixels. Default: it takes pixels. */
  readonly backbone?: Backbone;
  /** Length of an embedding. */
  readonly dimension: number;
  readonly layout: Layout;
  /** First values of parameters and states that depend on the images, by name. Default: none do. */
  fit?(images: FittingImages): ReadonlyMap<string, Float32Array>;
  /** As `fit`, of a network that takes the embeddings of a backbone. */
  fitToFeatures?(features: LabelledVectors): ReadonlyMap<string, Float32Array>;
  /** A network of the same make that takes the embeddings of this backbone. Left out: it takes pixels. */
  onBackbone?(backbone: Backbone): Network;
  /** A network of the same make for images of another size; it may have more parameters. Left out: it takes this one only. */
  atSize?(inputSize: Size): Network;
  /**
   * @param images uint8 [N, height, width, 3], sRGB; scaling and normalising are the network's own business. With a
   * backbone, its embeddings: float32 [N, backbone.dimension]
   * @returns float32 [N, dimension], unit length
   */
  build(images: Tensor, context: NetworkContext): Tensor;
}
