import { useEffect, useState } from 'preact/hooks';
import { api, type ImageSummary, thumbnailUrlOfId } from '../../api.js';
import { collection, href } from '../../router.js';
import { fileName } from '../../ui/format.js';
import { clusterInWords } from './cluster-name.js';
import type { MapData } from './use-map-data.js';

interface PointCardProps {
  readonly data: MapData;
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly byTouch: boolean;
}

const widthPx = 168;

/** What a point is: its picture and label, beside it. */
export function PointCard({ data: { points, summary }, row, x, y, byTouch }: PointCardProps) {
  const id = points.ids[row]!;
  const label = points.labels[points.labelCodes[row]!]!.label;
  const cluster = summary.clusters.find((each) => each.cluster === points.clusters[row]);
  const name = useName(id);
  return (
    <div class="map-card" style={placed(x, y)} role="status">
      <img src={thumbnailUrlOfId(collection.value, id)} alt="" width={widthPx} height={120} />
      <div class="map-card-text">
        <strong>{label ?? 'No label'}</strong>
        <span class="muted">{name ? fileName(name) : `Image ${id}`}</span>
        {cluster && <span class="muted">in {clusterInWords(cluster)}</span>}
        {byTouch && (
          <a class="button small" href={href({ screen: 'image', image: id })}>
            Open
          </a>
        )}
      </div>
    </div>
  );
}

/** Asks for it when somebody stays at a point, not at each that the pointer passes. */
function useName(id: number): string | undefined {
  const [image, setImage] = useState<ImageSummary>();
  useEffect(() => {
    const aborter = new AbortController();
    const timer = setTimeout(() => {
      api.image(collection.peek(), id, aborter.signal).then(setImage, () => {});
    }, 150);
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [id]);
  return image?.name;
}

/** On the side of the point where there is room, told by custom properties that the style sheet adds up. */
function placed(x: number, y: number): Record<string, string> {
  return { '--x': `${Math.round(x)}px`, '--y': `${Math.round(y)}px` };
}
