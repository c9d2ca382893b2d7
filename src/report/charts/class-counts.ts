import type { Figure } from '../figure.js';
import type { Heading } from '../heading.js';
import { barChart } from './bar-chart.js';

export interface ClassCountsOptions extends Heading {
  readonly classNames: readonly string[];
  /** Images of each class, by class index. */
  readonly counts: ArrayLike<number>;
}

/** Past this many, bars for single classes can no longer be read. */
const mostBars = 40;

/**
 * How many images each class has: a bar per class. Of more classes than can be read, how many classes have how many
 * images.
 */
export function classCounts({ classNames, counts, ...heading }: ClassCountsOptions): Figure {
  if (classNames.length <= mostBars)
    return barChart({
      title: 'Images per class',
      ...heading,
      unit: 'images',
      bars: classNames.map((label, c) => ({ label, value: counts[c] })),
    });
  return barChart({
    title: 'Classes by number of images',
    subtitle: `${classNames.length.toLocaleString('en')} classes`,
    ...heading,
    unit: 'classes',
    bars: sizeBins(Array.from(counts)),
  });
}

/** A bin per size where sizes are few, else bins that double in width: 1, 2–3, 4–7... */
function sizeBins(counts: readonly number[]): { label: string; value: number }[] {
  const distinct = [...new Set(counts)].sort((a, b) => a - b);
  const few = distinct.length <= 12;
  const lowest = (count: number) => (few || count === 0 ? count : 2 ** Math.floor(Math.log2(count)));
  const bins = new Map<number, number>();
  for (const count of counts) bins.set(lowest(count), (bins.get(lowest(count)) ?? 0) + 1);
  return [...bins]
    .sort(([a], [b]) => a - b)
    .map(([low, value]) => {
      const high = few || low === 0 ? low : 2 * low - 1;
      const images =
        low === high ? low.toLocaleString('en') : `${low.toLocaleString('en')}–${high.toLocaleString('en')}`;
      return { label: `${images} ${high === 1 ? 'image' : 'images'}`, value };
    });
}
