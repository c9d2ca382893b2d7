import { type KMeansRequest, kMeans } from './k-means.js';
import { adjustedMutualInformation, normalizedMutualInformation } from './mutual-information.js';

/** How well clusters that know no labels agree with the classes. */
export interface ClusterAgreement {
  readonly nmi: number;
  readonly ami: number;
  /** Number of clusters: that of the classes that have an item. */
  readonly clusters: number;
}

/**
 * Clusters the embeddings by k-means into as many clusters as there are classes and compares the two partitions. All items
 * take part, also those alone in their class.
 *
 * @param request.labels int32 [n], class indices
 * @throws ImagekinError as `kMeans`
 */
export async function clusterAgreement({
  labels,
  ...request
}: Omit<KMeansRequest, 'k'> & { readonly labels: Int32Array }): Promise<ClusterAgreement> {
  const clusters = new Set(labels).size;
  const { assignments } = await kMeans({ ...request, k: clusters });
  return {
    nmi: normalizedMutualInformation(labels, assignments),
    ami: adjustedMutualInformation(labels, assignments),
    clusters,
  };
}
