import { useEffect, useRef, useState } from 'preact/hooks';
import type { ScoreHistogram } from '../api.js';
import { count } from '../ui/format.js';
import { countFrom, scoreBars } from './score-bars.js';

interface ScoreThresholdProps {
  readonly histogram: ScoreHistogram;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

const step = 0.01;
const settlesAfterMs = 180;

/** How scores are spread, and from which one on images are shown. */
export function ScoreThreshold({ histogram, value, onChange }: ScoreThresholdProps) {
  const least = Math.floor(histogram.from / step) * step;
  const most = Math.ceil(histogram.to / step) * step;
  const [draft, setDraft] = useState(value ?? least);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => setDraft(value ?? least), [value, least]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (to: number) => {
    setDraft(to);
    clearTimeout(timer.current);
    // The search follows when the hand rests.
    timer.current = setTimeout(() => onChange(to <= least + step / 2 ? undefined : to), settlesAfterMs);
  };
  const bars = scoreBars(histogram);
  const above = countFrom(histogram, draft);
  return (
    <div class="score-threshold">
      <svg class="histogram" viewBox={`0 0 ${bars.length} 1`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map((bar, at) => (
          <rect
            key={bar.from}
            class={bar.to <= draft ? 'bar below' : 'bar'}
            x={at + 0.08}
            width={0.84}
            y={1 - bar.height}
            height={bar.height}
          />
        ))}
      </svg>
      <input
        type="range"
        aria-label="Lowest score"
        aria-valuetext={`${draft.toFixed(2)}, about ${count(above)} images`}
        min={least}
        max={most}
        step={step}
        value={draft}
        onInput={(event) => change(event.currentTarget.valueAsNumber)}
      />
      <div class="score-legend">
        <span>
          ≥ <b>{draft.toFixed(2)}</b>
        </span>
        <span>about {count(above)}</span>
      </div>
    </div>
  );
}
