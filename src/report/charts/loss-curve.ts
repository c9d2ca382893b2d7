import type { Figure } from '../figure.js';
import type { Heading } from '../heading.js';
import { lineChart } from './line-chart.js';

export interface LossCurveOptions extends Heading {
  /** Mean loss of each epoch, the first epoch first. */
  readonly lossPerEpoch: readonly number[];
  /** Losses to compare with: `{ name: 'published', points: [[1, 2.27], [5, 1.98]] }`. */
  readonly reference?: {
    readonly name: string;
    readonly points: readonly (readonly [epoch: number, loss: number])[];
  };
}

/** Training loss by epoch. */
export function lossCurve({ lossPerEpoch, reference, ...heading }: LossCurveOptions): Figure {
  const loss = { name: 'loss', points: lossPerEpoch.map((value, i) => [i + 1, value] as const) };
  return lineChart({
    title: 'Loss by epoch',
    ...heading,
    xLabel: 'epoch',
    yLabel: 'training loss',
    series: reference ? [loss, { ...reference, mark: 'dots' }] : [loss],
  });
}
