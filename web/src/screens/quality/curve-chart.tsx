import { useId } from 'preact/hooks';
import type { ModelDetails } from '../../api.js';
import { linePath, roundScale } from './chart-scale.js';

interface CurveChartProps {
  readonly curve: ModelDetails['curve'];
  readonly metric: string | null;
}

const size = { width: 640, height: 260 };
const margin = { left: 46, right: 46, top: 16, bottom: 34 };

/** Loss and validation of a training, epoch by epoch; the table below says the same in numbers. */
export function CurveChart({ curve, metric }: CurveChartProps) {
  const title = useId();
  const validated = curve.filter(({ validation }) => validation !== null);
  const epochs = roundScale(
    curve.map(({ epoch }) => epoch),
    6,
  );
  const from = curve[0]!.epoch;
  const to = Math.max(from + 1, curve.at(-1)!.epoch);
  const loss = roundScale(curve.map((point) => point.loss));
  const validation = roundScale(validated.map((point) => point.validation!));
  const x = (epoch: number) =>
    margin.left + ((epoch - from) / (to - from)) * (size.width - margin.left - margin.right);
  const y = (share: number) =>
    size.height - margin.bottom - share * (size.height - margin.top - margin.bottom);
  const name = metric ?? 'validation';
  return (
    <figure class="curve">
      <div class="curve-legend" aria-hidden="true">
        <span class="loss">Loss</span>
        {validated.length > 0 && <span class="validation">{name}</span>}
      </div>
      <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-labelledby={title}>
        <title id={title}>
          {`Loss from ${curve[0]!.loss.toFixed(3)} to ${curve.at(-1)!.loss.toFixed(3)} over ${curve.length} epochs`}
          {validated.length > 0 && `; ${name} ends at ${validated.at(-1)!.validation!.toFixed(3)}`}
        </title>
        {loss.ticks.map((tick) => (
          <g key={tick}>
            <line
              class="grid-line"
              x1={margin.left}
              x2={size.width - margin.right}
              y1={y(loss.at(tick))}
              y2={y(loss.at(tick))}
            />
            <text class="tick loss" x={margin.left - 8} y={y(loss.at(tick)) + 4} text-anchor="end">
              {tick}
            </text>
          </g>
        ))}
        {validated.length > 0 &&
          validation.ticks.map((tick) => (
            <text
              key={tick}
              class="tick validation"
              x={size.width - margin.right + 8}
              y={y(validation.at(tick)) + 4}
            >
              {tick}
            </text>
          ))}
        {epochs.ticks
          .filter((tick) => Number.isInteger(tick) && tick >= from && tick <= to)
          .map((tick) => (
            <text
              key={tick}
              class="tick"
              x={x(tick)}
              y={size.height - margin.bottom + 18}
              text-anchor="middle"
            >
              {tick}
            </text>
          ))}
        <text
          class="tick"
          x={(margin.left + size.width - margin.right) / 2}
          y={size.height - 2}
          text-anchor="middle"
        >
          epoch
        </text>
        <path
          class="line loss"
          d={linePath(curve.map((point) => [x(point.epoch), y(loss.at(point.loss))]))}
        />
        {validated.length > 0 && (
          <>
            <path
              class="line validation"
              d={linePath(validated.map((point) => [x(point.epoch), y(validation.at(point.validation!))]))}
            />
            {validated.map((point) => (
              <circle
                key={point.epoch}
                class="dot validation"
                cx={x(point.epoch)}
                cy={y(validation.at(point.validation!))}
                r={2.5}
              />
            ))}
          </>
        )}
      </svg>
      <details>
        <summary>As a table</summary>
        <table class="label-table">
          <thead>
            <tr>
              <th scope="col">Epoch</th>
              <th scope="col" class="number">
                Loss
              </th>
              {validated.length > 0 && (
                <th scope="col" class="number">
                  {name}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {curve.map((point) => (
              <tr key={point.epoch}>
                <th scope="row">{point.epoch}</th>
                <td class="number">{point.loss.toFixed(4)}</td>
                {validated.length > 0 && (
                  <td class="number">{point.validation === null ? '–' : point.validation.toFixed(4)}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
