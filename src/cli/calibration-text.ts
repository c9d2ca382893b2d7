import type { CalibrateResult } from '../app/calibrate-model.js';
import { formatCount } from './quantities.js';
import { textTable } from './text-table.js';

type StoredCalibration = CalibrateResult['calibration'];
type Threshold = StoredCalibration['thresholds'][number];

/** What a calibration was made of and how well it does, as terms with values. */
export function calibrationLines(calibration: StoredCalibration): (readonly [term: string, value: string])[] {
  const { source, fit, heldOut, halvedBy, unknownClasses } = calibration;
  const apart = halvedBy === 'classes' ? 'no class in common' : 'the same classes, no image in common';
  return [
    [
      'calibrated on',
      `${source.name}: ${formatCount(source.images)} images of ${formatCount(source.classes)} classes, in halves with ${apart}`,
    ],
    [
      'pairs',
      `${populationText(calibration)}: ${formatCount(fit.pairs)} to fit, ${percent(fit.baseRate)} of them of one class; ${formatCount(heldOut.pairs)} held out, ${percent(heldOut.baseRate)}`,
    ],
    ['method', methodText(calibration)],
    [
      'held out',
      `ECE ${heldOut.ece.toFixed(4)} (${heldOut.reliability.length} bins of equal mass), Brier score ${heldOut.brier.toFixed(4)}, log loss ${heldOut.logLoss.toFixed(4)}`,
    ],
    ...(unknownClasses === null
      ? []
      : [
          [
            'unknown classes',
            `${formatCount(unknownClasses.withheldClasses)} of ${formatCount(unknownClasses.withheldClasses + unknownClasses.knownClasses)} withheld: AUROC ${unknownClasses.auroc.toFixed(4)}, ${percent(unknownClasses.falsePositiveRateAt95)} accepted where 95 % of the known are`,
          ] as const,
        ]),
  ];
}

function populationText({ population }: StoredCalibration): string {
  return population.kind === 'random'
    ? 'any two images'
    : `each image with its ${formatCount(population.k)} nearest`;
}

function methodText({ map, methodLogLoss }: StoredCalibration): string {
  const shape = map.method === 'isotonic' ? `isotonic, ${formatCount(map.knots.length)} knots` : 'logistic';
  if (methodLogLoss === null) return shape;
  const other = map.method === 'isotonic' ? 'logistic' : 'isotonic';
  return `${shape} (log loss ${methodLogLoss[map.method].toFixed(4)} in cross-validation; ${other} ${methodLogLoss[other].toFixed(4)})`;
}

/** One line for each target: the score, and what comes of it on either half. */
export function thresholdTable({ thresholds }: StoredCalibration): string {
  return textTable(
    [
      { title: 'target' },
      { title: 'score', align: 'right' },
      { title: 'probability', align: 'right' },
      { title: 'fitted (95 %)' },
      { title: 'held out (95 %)' },
      { title: 'holds' },
      { title: 'recall', align: 'right' },
      { title: 'known accepted', align: 'right' },
      { title: 'unknown rejected', align: 'right' },
    ],
    thresholds.map((threshold) => {
      const { target, score, probability, fit, heldOut, holds } = threshold;
      const { knownQueriesAccepted: known, unknownQueriesAccepted: unknown } = threshold;
      return [
        targetText(target),
        score === null ? 'none' : score.toFixed(4),
        decimals(probability),
        intervalText(fit?.[target.figure]),
        intervalText(heldOut?.[target.figure]),
        holds === null ? '-' : holds ? 'yes' : 'no',
        decimals(heldOut?.recall?.value),
        known === null ? '-' : percent(known),
        unknown === null ? '-' : percent(1 - unknown),
      ];
    }),
  );
}

/** `precision ≥ 0.9 from score 0.8123` */
export function thresholdText({ target, score }: Threshold): string {
  return `${targetText(target)} ${score === null ? 'by no score' : `from score ${score.toFixed(4)}`}`;
}

function targetText({ figure, value }: Threshold['target']): string {
  return figure === 'falseMatchRate' ? `false match rate ≤ ${value}` : `${figure} ≥ ${value}`;
}

type Estimate = { readonly value: number; readonly low: number; readonly high: number } | null | undefined;

function intervalText(estimate: Estimate): string {
  if (!estimate) return '-';
  return `${decimals(estimate.value)} (${decimals(estimate.low)}–${decimals(estimate.high)})`;
}

function decimals(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(3);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
