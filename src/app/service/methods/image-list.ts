import type { ImageDetailsList, ImageIdsToRead } from '../../../api/index.js';
import type { ServiceMethod } from '../context.js';
import { imageDetails } from '../images/image-details.js';

/** All that is known of some images, in the order of their ids; those that are gone are left out. */
export const imageList: ServiceMethod<ImageIdsToRead, ImageDetailsList> = async (context, { ids }) => ({
  images: await imageDetails(context, () => context.collection.catalog.images.byId(ids)),
});
