import type { Problem } from '../api.js';
import { narrow } from '../state/media.js';
import { filtersShown } from '../state/preferences.js';
import { Empty } from '../ui/states.js';

interface UnreadableFilterProps {
  readonly problem: Problem;
  readonly onClear: () => void;
}

/** In the place of images, where the filter is wrong. Its panel points at the place; where that is closed, this does. */
export function UnreadableFilter({ problem, onClear }: UnreadableFilterProps) {
  const panelSays = !narrow.value && filtersShown.value === 'yes';
  return (
    <Empty
      icon="filter"
      title="The filter cannot be read"
      actions={
        <button type="button" class="button primary" onClick={onClear}>
          Clear the filter
        </button>
      }
    >
      {panelSays ? (
        <p>Below the filter it says where, and what would be right.</p>
      ) : (
        <>
          <p>{problem.detail}</p>
          {problem.shown && <pre class="shown">{problem.shown}</pre>}
        </>
      )}
    </Empty>
  );
}

/** What the server says of a filter, of a question that failed because of it. */
export function problemOfFilter(problem: Problem | undefined): Problem | undefined {
  return problem && (problem.code === 'filter-invalid' || problem.shown !== undefined) ? problem : undefined;
}
