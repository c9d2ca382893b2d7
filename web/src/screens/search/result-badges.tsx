import type { Found } from '../../lists/found-items.js';
import { percent } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';

interface ResultBadgesProps {
  readonly found: Found;
  readonly onUnfold: () => void;
}

/** Over a result: how like it is in words, where the model is calibrated, and how many were folded into it. */
export function ResultBadges({ found, onUnfold }: ResultBadgesProps) {
  return (
    <div class="result-badges">
      {found.likeness && (
        <span
          class={`likeness ${found.likeness}`}
          title={
            found.probability === null
              ? undefined
              : `of its class with a probability of ${percent(found.probability)}`
          }
        >
          {found.likeness}
        </span>
      )}
      {found.folded > 0 && (
        <button
          type="button"
          tabIndex={-1}
          class="fold-badge"
          aria-expanded={found.unfolded}
          title={found.unfolded ? 'Fold (f)' : 'Show what is nearly the same (f)'}
          aria-label={`${found.folded} nearly the same`}
          onClick={onUnfold}
        >
          {found.unfolded ? '−' : '+'}
          {found.folded}
        </button>
      )}
      {found.of !== undefined && (
        <button
          type="button"
          tabIndex={-1}
          class="fold-badge of"
          title="Fold"
          aria-label="Fold"
          onClick={onUnfold}
        >
          <Icon name="copies" size={13} />
        </button>
      )}
    </div>
  );
}
