import type { EvaluationSummary } from '../../api.js';
import { counted, percent } from '../../ui/format.js';

interface FiguresProps {
  readonly evaluation: EvaluationSummary;
}

const meanings = [
  {
    key: 'precisionAt1',
    name: 'Precision@1',
    meaning: 'How often the nearest image has the same label.',
    formula: 'Share of images whose nearest has their label.',
  },
  {
    key: 'precisionAt10',
    name: 'Precision@10',
    meaning: 'How many of the ten nearest have it, on average.',
    formula: 'Mean over images of (same label among the 10 nearest) / 10.',
  },
  {
    key: 'rPrecision',
    name: 'R-precision',
    meaning: 'Of as many results as the label has other images: the share that have it.',
    formula: 'Precision@R, R being the number of other images of the label.',
  },
  {
    key: 'mapAtR',
    name: 'MAP@R',
    meaning: 'The same with more weight on the first places: the strictest of the four.',
    formula: 'Mean over images of (1/R) Σ P@i of the ranks i ≤ R that have the label (Musgrave et al. 2020).',
  },
] as const;

/** The figures of an evaluation, each with what it means. */
export function Figures({ evaluation }: FiguresProps) {
  const { figures, intervals, images, queries } = evaluation;
  if (!figures) return null;
  const [low, high] = intervals?.precisionAt1 ?? [];
  return (
    <>
      <dl class="figures">
        {meanings.map(({ key, name, meaning, formula }) => (
          <div key={key} class="figure">
            <dt title={formula}>{name}</dt>
            <dd>
              <span class="figure-value number">{percent(figures[key], 1)}</span>
              {key === 'precisionAt1' && low !== undefined && high !== undefined && (
                <span class="figure-interval number" title="Bootstrap interval of 95 %">
                  {percent(low, 1)} to {percent(high, 1)}
                </span>
              )}
              <span class="meter" aria-hidden="true">
                <span style={{ width: `${100 * figures[key]}%` }} />
              </span>
              <span class="figure-meaning">{meaning}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p class="muted figures-note">
        Each of {counted(queries, 'image')} was looked for among all others
        {images > queries && `; ${counted(images - queries, 'image')} whose label no other has were left out`}
        .
      </p>
    </>
  );
}
