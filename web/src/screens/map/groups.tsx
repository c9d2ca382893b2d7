import { thumbnailUrlOfId } from '../../api.js';
import { collection } from '../../router.js';
import { percent } from '../../ui/format.js';
import { clusterName } from './cluster-name.js';
import { slotOf } from './data/palette.js';
import type { Counts } from './data/picked.js';
import { type Group, GroupList } from './group-list.js';
import { colourBy, wantedClusters, wantedLabels } from './map-params.js';
import { Swatch } from './swatch.js';
import type { MapData } from './use-map-data.js';

interface GroupsProps {
  readonly data: MapData;
  readonly counts: Counts;
}

export function Clusters({ data: { summary }, counts }: GroupsProps) {
  const wanted = wantedClusters.value;
  const groups = summary.clusters.map((each, index): Group => {
    const { cluster, label, labelShare, medoid } = each;
    const named = clusterName(each);
    return {
      key: String(cluster),
      name: named,
      about:
        label === null
          ? `Cluster ${cluster}, no labels`
          : `Cluster ${cluster}, ${percent(labelShare ?? 0)} ${label}`,
      images: counts.clusters.get(cluster) ?? 0,
      picture: (
        <>
          {colourBy.value === 'cluster' && <Swatch slot={slotOf(index)} />}
          <img
            class="group-picture"
            src={thumbnailUrlOfId(collection.value, medoid)}
            alt={`Medoid of cluster ${cluster}`}
            width={36}
            height={36}
            loading="lazy"
          />
        </>
      ),
      isWanted: wanted.includes(cluster),
      toggle: () => wantedClusters.set(toggledIn(wanted, cluster)),
    };
  });
  return <GroupList caption="Clusters, the largest first" column="Cluster" groups={groups} />;
}

export function Labels({ data: { points }, counts }: GroupsProps) {
  const wanted = wantedLabels.value;
  const groups = points.labels.map(
    ({ label }, code): Group => ({
      key: label ?? '',
      name: label ?? 'No label',
      images: counts.labels.get(label) ?? 0,
      picture: colourBy.value === 'label' && <Swatch slot={slotOf(code)} />,
      isWanted: wanted.includes(label),
      toggle: () => wantedLabels.set(toggledIn(wanted, label)),
    }),
  );
  return <GroupList caption="Labels, the commonest first" column="Label" groups={groups} />;
}

function toggledIn<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((each) => each !== item) : [...list, item];
}
