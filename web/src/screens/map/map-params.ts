import { type Codec, choice, param } from '../../params.js';
import { type Lasso, lassoFromText, lassoToText } from './data/lasso.js';

/** Whole numbers with commas between. */
export const numberList: Codec<readonly number[]> = {
  read: (text) => [
    ...new Set(
      (text ?? '')
        .split(',')
        .filter((part) => /^\d{1,10}$/.test(part))
        .map(Number),
    ),
  ],
  write: (numbers) => (numbers.length === 0 ? null : numbers.join(',')),
};

/** Labels with commas between; `\` stands before a comma and before itself, and `\-` is having no label. */
export const labelList: Codec<readonly (string | null)[]> = {
  read(text) {
    if (!text) return [];
    const labels: (string | null)[] = [];
    for (const [, written] of text.matchAll(/((?:\\.|[^,\\])+)(?:,|$)/g)) {
      labels.push(written === '\\-' ? null : written!.replace(/\\(.)/g, '$1'));
    }
    return labels;
  },
  write: (labels) =>
    labels.length === 0
      ? null
      : labels.map((label) => (label === null ? '\\-' : label.replace(/[\\,]/g, '\\$&'))).join(','),
};

const lassoCodec: Codec<Lasso | undefined> = {
  read: (text) => lassoFromText(text ?? ''),
  write: (lasso) => (lasso ? lassoToText(lasso) : null),
};

export const panels = ['clusters', 'labels', 'outliers'] as const;
export type Panel = (typeof panels)[number];

/** All that the map shows, as it stands in the address. */
export const colourBy = param('by', choice(['cluster', 'label']));
export const wantedClusters = param('clusters', numberList);
export const wantedLabels = param('labels', labelList);
export const wantedLasso = param('lasso', lassoCodec);
/** Images to be found on the map: ids. */
export const highlighted = param('highlight', numberList);
export const panel = param('panel', choice(panels));
