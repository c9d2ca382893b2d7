import { ImagekinError } from '../core/errors.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { metricDefinitions } from '../evaluation/metric-definitions.js';

/** A figure of an evaluation that training can go by: larger is better. */
export interface ValidationMetric {
  /** `mapAtR`, `precisionAt1`, `recallAt5`. */
  readonly name: string;
  /** The k that an evaluation must be asked for. */
  readonly ks: readonly number[];
  /** Whether it takes the training images to measure it. */
  readonly needsTraining: boolean;
  /** Whether it is one of clusters, which have to be made. */
  readonly needsClusters: boolean;
  valueIn(evaluation: Evaluation): number;
}

/** Fields that hold a number for each k. */
const endOfFamily = 'AtK';
const families = Object.keys(metricDefinitions).filter((key) => key.endsWith(endOfFamily));
const single = Object.keys(metricDefinitions).filter((key) => !key.endsWith(endOfFamily));

/** @throws `wrong-usage` that lists the metrics there are */
export function validationMetric(name: string, where = '--metric'): ValidationMetric {
  if (single.includes(name)) {
    return {
      name,
      ks: [],
      needsTraining: name === 'knnAccuracy',
      needsClusters: name === 'nmi' || name === 'ami',
      valueIn: (evaluation) => numberIn(evaluation, name, (evaluation as unknown as Figures)[name]),
    };
  }
  const [, stem, digits] = /^([a-z]\w*?)At([1-9]\d*)$/i.exec(name) ?? [];
  const family = `${stem}${endOfFamily}`;
  if (stem !== undefined && families.includes(family)) {
    const k = Number(digits);
    return {
      name,
      ks: [k],
      needsTraining: false,
      needsClusters: false,
      valueIn: (evaluation) => {
        const byK = (evaluation as unknown as Figures)[family] as Readonly<Record<number, number>>;
        return numberIn(evaluation, name, byK[k]);
      },
    };
  }
  const offered = [...single, ...families.map((key) => key.replace(/K$/, '5'))];
  throw new ImagekinError('wrong-usage', {
    where,
    expected: `a metric: ${offered.join(', ')}`,
    got: `'${name}'`,
    fix: 'name one of these',
  });
}

type Figures = Readonly<Record<string, unknown>>;

function numberIn({ queries }: Evaluation, name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new ImagekinError('wrong-usage', {
    where: '--metric',
    expected: `a metric that the validation images have a value of`,
    got: `${name}, without one for these ${queries} queries`,
    fix: 'take another metric, or images of classes that are trained on',
  });
}
