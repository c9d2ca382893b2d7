import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Problem } from '../api.js';
import { Icon } from '../ui/icon.js';
import { Popover } from '../ui/popover.js';

interface FilterInputProps {
  readonly value: string;
  readonly onChange: (filter: string) => void;
  /** What the server says of the filter as it is. */
  readonly problem?: Problem | undefined;
  readonly hints?: readonly string[];
}

/** The filter as text. It holds when Enter is pressed or the field is left. */
export function FilterInput({ value, onChange, problem, hints = [] }: FilterInputProps) {
  const [draft, setDraft] = useState(value);
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => setDraft(value), [value]);
  useEffect(() => {
    // As high as its lines.
    const element = field.current!;
    element.style.height = 'auto';
    // Nothing has a height before its dialog is shown.
    if (element.scrollHeight > 0) element.style.height = `${element.scrollHeight + 2}px`;
  }, [draft]);
  const commit = () => {
    if (draft.trim() !== value) onChange(draft.trim());
  };
  return (
    <div class="filter-input">
      <div class="filter-line">
        <label class="facet-title" for={id}>
          Filter
        </label>
        <Popover
          label="How filters are written"
          buttonClass="button quiet small icon-only"
          button={<span>?</span>}
          align="end"
        >
          {() => <FilterHelp />}
        </Popover>
      </div>
      <div class="filter-field">
        <textarea
          ref={field}
          id={id}
          class="input mono"
          rows={1}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          placeholder="label = cat"
          value={draft}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-said`}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault();
              commit();
            }
            if (event.key === 'Escape' && draft !== value) {
              event.stopPropagation();
              setDraft(value);
            }
          }}
        />
        {draft !== '' && (
          <button
            type="button"
            class="button quiet small icon-only filter-clear"
            aria-label="Clear filter"
            title="Clear filter"
            onClick={() => {
              setDraft('');
              onChange('');
              field.current?.focus();
            }}
          >
            <Icon name="close" size={14} />
          </button>
        )}
      </div>
      <div id={`${id}-said`} role={problem ? 'alert' : undefined}>
        {problem?.shown && <pre class="filter-shown">{problem.shown}</pre>}
        {problem && <p class="field-error">{problem.detail}</p>}
        {!problem &&
          hints.map((hint) => (
            <p key={hint} class="filter-hint">
              {hint}
            </p>
          ))}
      </div>
    </div>
  );
}

const examples: readonly (readonly [string, string])[] = [
  ['label = cat', 'with this label'],
  ['label in (cat, "big dog")', 'with one of these'],
  ['width >= 1024 and format = jpeg', 'both hold'],
  ['name ~ "2024/*.png"', 'whose name meets a pattern'],
  ['takenAt >= 2024-05', 'from a date on'],
  ['missing(label)', 'without a label'],
  ['not (split = test)', 'all others'],
];

function FilterHelp() {
  return (
    <div class="filter-help">
      <h3>How filters are written</h3>
      <dl>
        {examples.map(([filter, means]) => (
          <div key={filter}>
            <dt>
              <code>{filter}</code>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <p>
        Columns: id, path, name, label, split, width, height, size, format, addedAt, modifiedAt. Any other
        name is a key of the metadata.
      </p>
    </div>
  );
}
