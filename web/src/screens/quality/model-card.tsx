import { api } from '../../api.js';
import { useResource } from '../../resource.js';
import { collection } from '../../router.js';
import { bytes, count, counted } from '../../ui/format.js';
import { Empty, ProblemState, SkeletonLines } from '../../ui/states.js';
import { CurveChart } from './curve-chart.js';

/** The model whose vectors are searched: what it is, what made it, how its training went. */
export function ModelCard() {
  const { value, failure, reload } = useResource((signal) => api.model(collection.peek(), signal), []);
  if (failure) return <ProblemState failure={failure} onRetry={reload} />;
  if (!value) return <SkeletonLines lines={5} />;
  const facts: [string, string | null][] = [
    ['Made by', value.madeBy],
    ['Trained on', value.trainedOn],
    ['Numbers in a vector', count(value.dimension)],
    ['Input', value.inputSize && `${value.inputSize.width} × ${value.inputSize.height} pixels`],
    ['Resized by', value.resize],
    ['File', value.bytes === null ? null : bytes(value.bytes)],
    ['Scores', value.calibrated ? 'calibrated: they mean probabilities' : 'not calibrated: cosines only'],
    ['New images', value.hasFile ? null : 'cannot be embedded, as there is no model file'],
  ];
  const metadata = Object.entries(value.metadata);
  return (
    <div class="model">
      <section class="card" aria-labelledby="model-name">
        <h2 id="model-name">{value.name}</h2>
        <dl class="model-facts">
          {facts.map(
            ([name, fact]) =>
              fact !== null && (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{fact}</dd>
                </div>
              ),
          )}
          <div>
            <dt>Id</dt>
            <dd>
              <code title={value.id}>{value.id.slice(0, 16)}…</code>
            </dd>
          </div>
        </dl>
        {value.classes.length > 0 && (
          <details>
            <summary>{counted(value.classes.length, 'class', 'classes')} of its training</summary>
            <p class="classes">{value.classes.join(', ')}</p>
          </details>
        )}
        {metadata.length > 0 && (
          <details>
            <summary>What else its file says</summary>
            <dl class="model-facts">
              {metadata.map(([name, said]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>
                    {typeof said === 'object' && said !== null ? (
                      <pre>{JSON.stringify(said, null, 2)}</pre>
                    ) : (
                      String(said)
                    )}
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </section>
      <section class="card" aria-labelledby="model-curve">
        <h2 id="model-curve">Training</h2>
        {value.curve.length > 0 ? (
          <CurveChart curve={value.curve} metric={value.validationMetric} />
        ) : (
          <Empty icon="quality" title="No training curve">
            <p>The model file does not say how its training went. Models that imagekin trains do.</p>
          </Empty>
        )}
      </section>
    </div>
  );
}
