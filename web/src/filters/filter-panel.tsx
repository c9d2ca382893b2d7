import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { narrow } from '../state/media.js';
import { filtersShown } from '../state/preferences.js';
import { Dialog } from '../ui/dialog.js';
import { Icon } from '../ui/icon.js';
import { conditionsOf } from './filter-text.js';

interface FilterPanelProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Filters: at the side where there is room, else a sheet from below. */
export function FilterPanel({ open, onClose, children }: FilterPanelProps) {
  if (!narrow.value) {
    return filtersShown.value === 'yes' ? (
      <aside class="filter-panel" aria-label="Filters">
        {children}
      </aside>
    ) : null;
  }
  return open ? (
    <Dialog title="Filters" kind="sheet" onClose={onClose}>
      <div class="filter-sheet">{children}</div>
    </Dialog>
  ) : null;
}

/** Opens and closes the filters. */
export function useFilterPanel(filter: string, others = 0) {
  const [open, setOpen] = useState(false);
  const active = conditionsOf(filter).length + others;
  const shown = narrow.value ? open : filtersShown.value === 'yes';
  const button = (
    <button
      type="button"
      class={narrow.value ? 'button' : 'button quiet'}
      aria-expanded={shown}
      onClick={() => {
        if (narrow.value) setOpen(!open);
        else filtersShown.value = shown ? 'no' : 'yes';
      }}
    >
      <Icon name="filter" /> Filters
      {active > 0 && <span class="badge accent">{active}</span>}
    </button>
  );
  return { open, close: () => setOpen(false), button };
}
