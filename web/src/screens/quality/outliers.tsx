import { useMemo } from 'preact/hooks';
import { api } from '../../api.js';
import { Grid } from '../../grid/grid.js';
import { ImageTile } from '../../grid/image-tile.js';
import { listItems } from '../../grid/items.js';
import { runImageAction } from '../../image-actions/image-actions.js';
import { useResource } from '../../resource.js';
import { collection, href, navigate } from '../../router.js';
import { counted } from '../../ui/format.js';
import { Empty, ProblemState, SkeletonLines } from '../../ui/states.js';

/** Images that are like nothing else, as the map has found them. */
export function Outliers() {
  const { value, failure, reload } = useResource((signal) => api.map(collection.peek(), signal), []);
  const items = useMemo(() => value && listItems(value.outliers), [value]);
  if (failure) return <ProblemState failure={failure} onRetry={reload} />;
  if (!value || !items) return <SkeletonLines lines={4} />;
  if (value.state === 'missing') {
    return (
      <Empty
        icon="map"
        title="The map finds outliers"
        actions={
          <a class="button primary" href={href({ screen: 'map' })}>
            Go to the map
          </a>
        }
      >
        <p>It has not been made yet.</p>
      </Empty>
    );
  }
  if (value.outliers.length === 0) {
    return (
      <Empty icon="check" title="No outliers">
        <p>Every image has others that are near to it.</p>
      </Empty>
    );
  }
  return (
    <>
      <p class="muted outliers-about">
        {counted(value.outliers.length, 'image')} that {value.outliers.length === 1 ? 'is' : 'are'} far from
        all others, the farthest first: the only one of its kind, or what does not belong here.{' '}
        <a href={href({ screen: 'map', params: { panel: 'outliers' } })}>On the map</a>
      </p>
      <Grid
        items={items}
        label="Outliers, the farthest first"
        tilePx={150}
        captionPx={24}
        memory="outliers"
        tile={(image, index) => (
          <ImageTile
            image={image}
            index={index}
            detail={
              <span class="number muted" title="Robust standard deviations above the median distance">
                {image.outlierScore.toFixed(1)}
              </span>
            }
          />
        )}
        onKey={(key, image) => runImageAction(key, image)}
        onOpen={({ id }) => navigate({ screen: 'image', image: id })}
      />
    </>
  );
}
