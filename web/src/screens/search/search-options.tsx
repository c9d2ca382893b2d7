import { useEffect, useRef, useState } from 'preact/hooks';
import { FittingOption } from '../../grid/view-options.js';
import { diversity, fold } from '../../query/state.js';
import { narrow } from '../../state/media.js';
import { Icon } from '../../ui/icon.js';
import { Popover } from '../../ui/popover.js';

const settlesAfterMs = 200;

/** How results are put together: what counts as one, and how much they shall differ. */
export function SearchOptions() {
  const changed =
    Number(fold.value !== 'copies') + Number(diversity.value !== undefined && diversity.value > 0);
  return (
    <Popover
      label="Options"
      align="end"
      buttonClass={narrow.value ? 'button' : 'button quiet'}
      button={
        <>
          <Icon name="sliders" /> <span class="wide-only">Options</span>
          {changed > 0 && <span class="badge accent">{changed}</span>}
        </>
      }
    >
      {() => (
        <div class="options">
          <FoldOptions />
          <SettlingSlider
            label="Diversity"
            hint="0 is the nearest in order; 1 shows what differs most"
            value={diversity.value ?? 0}
            least={0}
            onChange={(value) => diversity.set(value === 0 ? undefined : value, { replace: true })}
          />
          <FittingOption />
        </div>
      )}
    </Popover>
  );
}

const defaultNear = 0.97;

function FoldOptions() {
  const now = fold.value;
  const options = [
    { value: 'copies', name: 'Copies of a file' },
    { value: 'near', name: 'What is nearly the same' },
    { value: 'nothing', name: 'Nothing' },
  ] as const;
  const chosen = typeof now === 'number' ? 'near' : now;
  return (
    <fieldset class="option-group">
      <legend>Show as one</legend>
      {options.map((option) => (
        <label key={option.value} class="option">
          <input
            type="radio"
            name="fold"
            checked={chosen === option.value}
            onChange={() => fold.set(option.value === 'near' ? defaultNear : option.value)}
          />
          <span>{option.name}</span>
        </label>
      ))}
      {typeof now === 'number' && (
        <SettlingSlider
          label="From a cosine of"
          value={now}
          least={0.8}
          onChange={(value) => fold.set(value, { replace: true })}
        />
      )}
    </fieldset>
  );
}

interface SettlingSliderProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: number;
  readonly least: number;
  readonly onChange: (value: number) => void;
}

/** A slider from `least` to 1 whose value holds when the hand rests. */
function SettlingSlider({ label, hint, value, least, onChange }: SettlingSliderProps) {
  const [draft, setDraft] = useState(value);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => setDraft(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label class="field">
      <span>
        {label} <b class="number">{draft.toFixed(2)}</b>
      </span>
      <input
        type="range"
        min={least}
        max={1}
        step={0.01}
        value={draft}
        onInput={(event) => {
          const to = event.currentTarget.valueAsNumber;
          setDraft(to);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => onChange(to), settlesAfterMs);
        }}
      />
      {hint && <small class="muted">{hint}</small>}
    </label>
  );
}
