import { useEffect, useId, useState } from 'preact/hooks';
import { api } from '../api.js';
import { useResource } from '../resource.js';
import { collection } from '../router.js';
import { contentVersion } from '../state/collections.js';
import { count } from '../ui/format.js';

interface LabelFieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** Enter, or a suggestion that was clicked. */
  readonly onCommit: (value: string) => void;
  readonly autoFocus?: boolean;
  readonly label?: string;
}

const suggestedAtMost = 8;

/** A label, with those that there are to choose from: the combobox of ARIA. */
export function LabelField({
  value,
  onInput,
  onCommit,
  autoFocus = false,
  label = 'Label',
}: LabelFieldProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const labels = useResource(
    (signal) =>
      api
        .facets(collection.peek(), { fields: 'label', limit: 1000 }, signal)
        .then((answer) => answer.facets[0]?.values.filter((each) => each.value !== null) ?? []),
    [collection.value, contentVersion.value],
    { keep: true },
  );
  const wanted = value.trim().toLowerCase();
  const suggested = (labels.value ?? [])
    .filter((each) => each.value!.toLowerCase().includes(wanted) && each.value !== value)
    .sort(
      (a, b) =>
        Number(b.value!.toLowerCase().startsWith(wanted)) - Number(a.value!.toLowerCase().startsWith(wanted)),
    )
    .slice(0, suggestedAtMost);
  useEffect(() => setAt(-1), [value]);
  const shown = open && suggested.length > 0;
  const commit = (text: string) => {
    setOpen(false);
    onCommit(text);
  };
  return (
    <div class="label-field">
      <input
        class="input"
        // biome-ignore lint/a11y/noAutofocus: only where somebody has just asked to edit the label.
        autoFocus={autoFocus}
        role="combobox"
        aria-label={label}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        autocomplete="off"
        placeholder="No label"
        maxLength={500}
        value={value}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onInput={(event) => {
          setOpen(true);
          onInput(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            setOpen(true);
            const step = event.key === 'ArrowDown' ? 1 : -1;
            setAt((now) => Math.max(-1, Math.min(suggested.length - 1, now + step)));
          } else if (event.key === 'Enter') {
            event.preventDefault();
            commit(shown && at >= 0 ? suggested[at]!.value! : value);
          } else if (event.key === 'Escape' && shown) {
            event.preventDefault();
            event.stopPropagation();
            setOpen(false);
          }
        }}
      />
      <div id={`${id}-list`} role="listbox" aria-label="Labels" class="suggestions" hidden={!shown}>
        {suggested.map((each, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the active one.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys.
          <div
            key={each.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            class="suggestion"
            // Before the field loses the focus and the list closes.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => commit(each.value!)}
          >
            <span>{each.value}</span>
            <span class="menu-hint">{count(each.images)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
