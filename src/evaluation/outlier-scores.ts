/** What float32 can tell from nothing. */
const leastDistance = 1e-6;

/** From here on an image is called an outlier, unless somebody says otherwise: see docs/guide/data-check.md. */
export const defaultOutlierScore = 2.5;

/** Of fewer images the usual cannot be told from the unusual. */
export const leastForOutliers = 20;

/**
 * How unusually far images are from their nearest. The distance d of an image is the mean cosine distance to its k nearest
 * (Angiulli and Pizzuti 2002, "Fast Outlier Detection in High Dimensional Spaces", who take the sum); its logarithm is held
 * against the median of all by the median absolute deviation: 0.6745 (ln d − median) / MAD, the modified z-score of
 * Iglewicz and Hoaglin (1993). Where a model was trained on the classes at hand most distances are tiny and many are not:
 * without the logarithm all of those stand out.
 *
 * @param distances mean cosine distance of each image to its nearest, 0 to 2
 * @returns float64 [n]; all 0 where there are fewer than 20 images, or half of them or more are equally far
 */
export function outlierScores(distances: ArrayLike<number>): Float64Array {
  const logarithms = Float64Array.from(distances, (distance) => Math.log(Math.max(leastDistance, distance)));
  if (logarithms.length < leastForOutliers) return logarithms.fill(0);
  const centre = median(logarithms);
  const spread = median(logarithms.map((value) => Math.abs(value - centre)));
  if (spread === 0) return logarithms.fill(0);
  return logarithms.map((value) => (0.6745 * (value - centre)) / spread);
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
