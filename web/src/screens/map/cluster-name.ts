import type { CollectionMap } from '../../api.js';

type Cluster = CollectionMap['clusters'][number];

/** Half of its images or more: a cluster is called after its label. */
const naming = 0.5;

/** `3 · cat`, or its number alone where its images have many labels. */
export function clusterName({ cluster, label, labelShare }: Cluster): string {
  return label !== null && (labelShare ?? 0) >= naming ? label : `Cluster ${cluster}`;
}
