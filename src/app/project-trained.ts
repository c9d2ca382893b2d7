import { Random } from '../core/random.js';
import { classCounts, type LabelledImages } from '../data/labelled-images.js';
import { subset } from '../data/subset.js';
import type { TrainedNetwork } from '../learning/embedding-graph.js';
import { fitProjection } from '../learning/projection.js';
import type { Recipe } from '../learning/recipes/recipe.js';
import { openTrained, type TrainedEmbedderOptions } from './trained-embedder.js';

/** Images that tell enough of the covariance of a hundred numbers or two. */
const mostImages = 5000;

/** A trained network with the projection that its recipe wants behind it, fitted to some of the images it was trained on. */
export async function projectTrained(
  trained: TrainedNetwork,
  { projection }: Pick<Recipe, 'projection'>,
  images: LabelledImages,
  options: TrainedEmbedderOptions,
): Promise<TrainedNetwork> {
  const width = trained.network.dimension;
  const classes = classCounts(images).filter((count) => count > 1).length;
  if (!projection || classes > width / 2) return trained;
  const some = Random.of(0, 'projection').sample(Math.min(mostImages, images.length), images.length);
  const fitted = subset(
    images,
    some.sort((a, b) => a - b),
    images.name,
  );
  const embedder = await openTrained(trained, options);
  try {
    const vectors = await embedder.embed(fitted);
    return { ...trained, projection: fitProjection({ vectors, labels: fitted.labels, width }, projection) };
  } finally {
    await embedder.release();
  }
}
