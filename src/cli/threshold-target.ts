import { ImagekinError } from '../core/errors.js';

/** What a threshold is to reach, as the use case takes it. */
export interface ThresholdTarget {
  readonly figure: 'precision' | 'recall' | 'falseMatchRate';
  readonly value: number;
}

const figures: Readonly<Record<string, ThresholdTarget['figure']>> = {
  precision: 'precision',
  recall: 'recall',
  'false-match-rate': 'falseMatchRate',
};

/**
 * Reads `precision=0.9`.
 * @throws `wrong-usage`
 */
export function thresholdTarget(text: string): ThresholdTarget {
  const [, name = '', number = ''] = /^([a-z-]+)=([0-9.e-]+)$/.exec(text) ?? [];
  const value = Number(number);
  if (Object.hasOwn(figures, name) && number !== '' && value >= 0 && value <= 1)
    return { figure: figures[name]!, value };
  throw new ImagekinError('wrong-usage', {
    where: '--target',
    expected: `${Object.keys(figures).join(', ')}, each with a share from 0 to 1`,
    got: `"${text}"`,
    fix: 'write for example --target precision=0.9',
  });
}
