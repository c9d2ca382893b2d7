import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { api, type EvaluationSummary } from '../../api.js';
import { DerivedBanner, type DerivedJob, DerivedMissing, useDerivedJob } from '../../jobs/derived.js';
import { useResource } from '../../resource.js';
import { collection, updateParams } from '../../router.js';
import { SelectionBar } from '../../select/selection-bar.js';
import { count, counted, percent } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { ScreenHead } from '../../ui/screen.js';
import { ProblemState, SkeletonLines } from '../../ui/states.js';
import { CellDialog } from './cell-dialog.js';
import { ConfusionMatrix } from './confusion-matrix.js';
import { Figures } from './figures.js';
import { LabelTable } from './label-table.js';
import { worstConfusions } from './matrix-order.js';
import { ModelCard } from './model-card.js';
import { Outliers } from './outliers.js';
import { cellAs, cellOf, type Section, section, sections } from './quality-params.js';
import { Suspects } from './suspects.js';
import './quality.css';

const names: Record<Section, string> = {
  overview: 'Overview',
  confusion: 'Confusion',
  labels: 'Labels',
  suspects: 'Suspected labels',
  outliers: 'Outliers',
  model: 'Model',
};

/** How good searches are, and where they are not. */
export default function QualityScreen() {
  const { value, failure, reload } = useResource((signal) => api.evaluation(collection.peek(), signal), []);
  const job = useDerivedJob('evaluate', reload);
  const shown = section.value;
  const nav = useRef<HTMLElement>(null);
  // On narrow screens not all of them fit; how many labels are suspected makes them wider.
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [shown, value]);
  return (
    <>
      <ScreenHead
        title="Quality"
        about={value?.figures && `${percent(value.figures.precisionAt1, 1)} precision@1`}
      />
      <nav ref={nav} class="sections" aria-label="Parts of quality">
        {sections.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={shown === name ? 'page' : undefined}
            onClick={() => section.set(name)}
          >
            {names[name]}
            {name === 'suspects' && value && value.suspects.length > 0 && (
              <span class="badge">{count(value.suspects.length)}</span>
            )}
          </button>
        ))}
      </nav>
      {value && value.state !== 'missing' && (
        <DerivedBanner job={job} state={value.state} computedAt={value.computedAt} />
      )}
      <div class="scroll quality">
        {shown === 'model' && <ModelCard />}
        {shown === 'outliers' && <Outliers />}
        {shown !== 'model' && shown !== 'outliers' && (
          <>
            {failure && <ProblemState failure={failure} onRetry={reload} />}
            {!failure && !value && <SkeletonLines lines={6} />}
            {value && <Evaluated evaluation={value} job={job} shown={shown} />}
          </>
        )}
      </div>
      {shown === 'outliers' && <SelectionBar />}
      {cellOf.value && cellAs.value && (
        <CellDialog
          key={`${cellOf.value}\n${cellAs.value}`}
          of={cellOf.value}
          as={cellAs.value}
          onClose={() =>
            updateParams(
              (params) => {
                params.delete('of');
                params.delete('as');
              },
              { replace: true },
            )
          }
        />
      )}
    </>
  );
}

interface EvaluatedProps {
  readonly evaluation: EvaluationSummary;
  readonly job: DerivedJob;
  readonly shown: Exclude<Section, 'model' | 'outliers'>;
}

function Evaluated({ evaluation, job, shown }: EvaluatedProps) {
  if (evaluation.state === 'missing') {
    return (
      <DerivedMissing job={job} icon="quality" title="Not evaluated yet" action="Evaluate">
        <p>
          Looks for each labelled image among all others, and counts how often what is found has its label.
          Shows which labels are taken for each other, and which are probably wrong.
        </p>
      </DerivedMissing>
    );
  }
  if (evaluation.queries === 0) {
    return (
      <p class="muted">
        No two images of this collection have the same label, so there is nothing to measure by. Give labels
        in the image view, or by folders or a manifest when you add images.
      </p>
    );
  }
  switch (shown) {
    case 'overview':
      return <Overview evaluation={evaluation} />;
    case 'confusion':
      return <ConfusionMatrix confusion={evaluation.confusion} />;
    case 'labels':
      return <LabelTable perLabel={evaluation.perLabel} />;
    case 'suspects':
      return <Suspects key={evaluation.computedAt} suspects={evaluation.suspects} />;
  }
}

function Overview({ evaluation }: { readonly evaluation: EvaluationSummary }) {
  const worst = worstConfusions(evaluation.confusion, 6);
  const weak = [...evaluation.perLabel]
    .filter((each) => each.precisionAt1 !== null)
    .sort((a, b) => a.precisionAt1! - b.precisionAt1!)
    .slice(0, 6);
  return (
    <>
      <Figures evaluation={evaluation} />
      <div class="cards">
        <Card title="Taken for each other" more="All confusions" to="confusion">
          {worst.length === 0 ? (
            <p class="muted">No label is taken for another.</p>
          ) : (
            <ul class="lines">
              {worst.map(({ of, as, images, share }) => (
                <li key={`${of}\n${as}`}>
                  <button
                    type="button"
                    class="line"
                    onClick={() => {
                      cellOf.set(of);
                      cellAs.set(as, { replace: true });
                    }}
                  >
                    <span class="line-labels">
                      <strong>{of}</strong>
                      <Icon name="right" size={14} />
                      <span class="unseen">taken for</span>
                      <strong>{as}</strong>
                    </span>
                    <span
                      class="number muted"
                      title={`${counted(images, 'image')}, ${percent(share)} of all that are ${of}`}
                    >
                      {count(images)} · {percent(share)}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Card>
        <Card title="Weakest labels" more="All labels" to="labels">
          <ul class="lines">
            {weak.map(({ label, images, precisionAt1 }) => (
              <li key={label} class="line">
                <span>
                  <strong>{label}</strong>
                </span>
                <span class="number muted">
                  {percent(precisionAt1!, 1)} of {count(images)}
                </span>
              </li>
            ))}
          </ul>
        </Card>
        <Card title="Suspected labels" more="Go through them" to="suspects">
          <p class="muted">
            {evaluation.suspects.length === 0
              ? 'No label looks wrong.'
              : `${counted(evaluation.suspects.length, 'image')} whose nearest images mostly have another label. Mending them mends every figure here.`}
          </p>
        </Card>
      </div>
    </>
  );
}

interface CardProps {
  readonly title: string;
  readonly more: string;
  readonly to: Section;
  readonly children: ComponentChildren;
}

function Card({ title, more, to, children }: CardProps) {
  return (
    <section class="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <button type="button" class="button quiet small" onClick={() => section.set(to)}>
          {more}
        </button>
      </header>
      {children}
    </section>
  );
}
