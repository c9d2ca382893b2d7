import type { CheckLimits, DataCheck } from './findings.js';

/** A kind of finding, and by what rule there is one. */
export interface FindingRule {
  readonly title: string;
  /** `null` where it was not looked for. */
  of(check: DataCheck): readonly unknown[] | null;
  rule(limits: CheckLimits): string;
}

/** Every kind, in the order in which they are told. */
export const findingRules: readonly FindingRule[] = [
  {
    title: 'corrupt files',
    of: ({ corrupt }) => corrupt,
    rule: () => 'does not decode within the limits, to its end',
  },
  { title: 'empty files', of: ({ empty }) => empty, rule: () => 'no bytes' },
  {
    title: 'exact duplicates',
    of: ({ exactDuplicates }) => exactDuplicates,
    rule: () => 'groups of equal SHA-256',
  },
  {
    title: 'near duplicates',
    of: ({ nearDuplicates }) => nearDuplicates,
    rule: ({ nearDistance }) =>
      `groups: hashes within ${nearDistance} of 64 bits, and alike when laid over each other`,
  },
  {
    title: 'leaks between splits',
    of: ({ leaks }) => leaks,
    rule: () => 'duplicates, exact or near, in different splits',
  },
  {
    title: 'small classes',
    of: ({ smallClasses }) => smallClasses,
    rule: ({ minImages }) => `fewer than ${minImages} different images`,
  },
  {
    title: 'suspected labels',
    of: ({ suspectedLabels }) => suspectedLabels,
    rule: ({ k, labelConfidence }) =>
      `of ${k} neighbours, those of another class exceed those of its own by ${Math.round(labelConfidence * 100)} %`,
  },
  {
    title: 'outliers',
    of: ({ outliers }) => outliers,
    rule: ({ outlierScore }) =>
      `farther from its neighbours than the median, by ${outlierScore} robust deviations of the logarithm`,
  },
];
