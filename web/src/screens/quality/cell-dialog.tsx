import { api, type ImageSummary, thumbnailUrl } from '../../api.js';
import { usePagedList } from '../../grid/use-paged-list.js';
import { collection, href } from '../../router.js';
import { Dialog } from '../../ui/dialog.js';
import { altText, counted, fileName } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { Empty, ProblemState, SkeletonLines } from '../../ui/states.js';

interface CellDialogProps {
  readonly of: string;
  readonly as: string;
  readonly onClose: () => void;
}

const pageSize = 60;

/** The images behind a cell: each beside the one nearest to it. */
export function CellDialog({ of, as, onClose }: CellDialogProps) {
  const { list, total, failure, hasMore, showMore, retry } = usePagedList(
    async (offset, limit, signal) => {
      const answer = await api.confusionPairs(collection.peek(), { of, as, offset, limit }, signal);
      return { items: answer.pairs, total: answer.total };
    },
    pageSize,
    undefined,
  );
  const title = of === as ? `${of}: found right` : `${of}, taken for ${as}`;
  return (
    <Dialog title={title} size="large" onClose={onClose}>
      {failure && <ProblemState failure={failure} onRetry={retry} />}
      {!failure && total === undefined && <SkeletonLines lines={4} />}
      {total === 0 && <Empty icon="check" title="No images here" />}
      {total !== undefined && total > 0 && (
        <>
          <p class="muted pairs-about">
            {total === 1
              ? `The image labelled ${of}, and the one nearest to it, which is labelled ${as}.`
              : `${counted(total, 'image')} labelled ${of}, each with the one nearest to it, which is labelled ${as}; the most alike first.`}
          </p>
          <ul class="pairs">
            {list.map(({ image, nearest, score }) => (
              <li key={image.id} class="pair">
                <PairImage image={image} />
                <span class="pair-score number" title="Cosine of the two">
                  <Icon name="right" size={14} />
                  {score.toFixed(2)}
                </span>
                <PairImage image={nearest} />
              </li>
            ))}
          </ul>
          {hasMore && (
            <button type="button" class="button" onClick={showMore}>
              Show more of {counted(total, 'image')}
            </button>
          )}
        </>
      )}
    </Dialog>
  );
}

function PairImage({ image }: { readonly image: ImageSummary }) {
  return (
    <a class="pair-image" href={href({ screen: 'image', image: image.id })} title={image.name}>
      <img
        src={thumbnailUrl(collection.value, image)}
        alt={altText(image)}
        width={140}
        height={140}
        loading="lazy"
      />
      <span>{image.label ?? fileName(image.name)}</span>
    </a>
  );
}
