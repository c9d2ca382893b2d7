import type { ComputedMap } from './compute-map.js';
import type { MapCluster, MappedImage } from './map-result.js';

/** A cluster, its image in the middle by id. */
export interface ClusterSummary extends Omit<MapCluster, 'medoid'> {
  readonly medoid: number;
}

/**
 * What there is to say of each cluster of a map, the largest first, by those of its images that are there still: one that has
 * lost its medoid is shown by its first.
 */
export function summarizeClusters(
  images: Iterable<Pick<MappedImage, 'id' | 'cluster' | 'label'>>,
  { ids, map }: ComputedMap,
): ClusterSummary[] {
  const medoidOf = Array.from(map.medoids, (row) => ids[row]!);
  const counted = medoidOf.map(() => ({ images: 0, shownBy: 0, labels: new Map<string, number>() }));
  for (const { id, cluster, label } of images) {
    const one = counted[cluster - 1]!;
    if (one.images++ === 0 || id === medoidOf[cluster - 1]) one.shownBy = id;
    if (label !== null) one.labels.set(label, (one.labels.get(label) ?? 0) + 1);
  }
  return counted.flatMap(({ images, shownBy, labels }, i) => {
    if (images === 0) return [];
    const [label, most] = [...labels].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0]);
    return [
      {
        cluster: i + 1,
        images,
        medoid: shownBy,
        label: most === 0 ? null : label,
        labelShare: most === 0 ? null : most / images,
      },
    ];
  });
}
