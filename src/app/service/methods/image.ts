import type { ImageDetails } from '../../../api/index.js';
import type { ServiceMethod } from '../context.js';
import { imageDetails } from '../images/image-details.js';
import { requireImage } from '../images/require-image.js';

/** All that is known of an image. */
export const image: ServiceMethod<{ readonly id: number }, ImageDetails> = async (context, { id }) => {
  const [found] = await imageDetails(context, () => [requireImage(context, id)]);
  return found!;
};
