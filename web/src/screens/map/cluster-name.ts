import type { CollectionMap } from '../../api.js';

type Cluster = CollectionMap['clusters'][number];

/** Half of its images or more: a cluster is called after its label. */
const naming = 0.5;

/** `cat`, or its number where its images have many labels. */
export function clusterName({ cluster, label, labelShare }: Cluster): string {
  return label !== null && (labelShare ?? 0) >= naming ? label : `Cluster ${cluster}`;
}

/** `cluster 3, mostly cat` */
export function clusterInWords(cluster: Cluster): string {
  const name = clusterName(cluster);
  return name === cluster.label ? `cluster ${cluster.cluster}, mostly ${name}` : `cluster ${cluster.cluster}`;
}
