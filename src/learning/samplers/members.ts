import { ImagekinError } from '../../core/errors.js';
import type { SampledLabels } from './sampler.js';

/**
 * Indices of the images of each class.
 * @throws `too-few-images` where a class has but one image, or there is but one class
 */
export function membersByClass({ labels, classNames }: SampledLabels): number[][] {
  const members: number[][] = classNames.map(() => []);
  for (let i = 0; i < labels.length; i++) members[labels[i]!]!.push(i);
  const lone = classNames.filter((_, c) => members[c]!.length === 1);
  if (lone.length > 0) {
    const examples = lone.slice(0, 3).map((name) => `'${name}'`);
    const more = lone.length > 3 ? ` and ${lone.length - 3} more classes` : '';
    throw new ImagekinError('too-few-images', {
      where: 'training data',
      expected: 'at least 2 images in every class, for an anchor and a positive',
      got: `1 image in ${examples.join(', ')}${more}`,
      fix: 'add images, or pass --skip-lone-classes to train without them',
    });
  }
  const filled = members.filter((images) => images.length > 0).length;
  if (filled < 2) {
    throw new ImagekinError('too-few-images', {
      where: 'training data',
      expected: 'at least 2 classes',
      got: `${filled}`,
      fix: 'sort the images into one folder per class',
    });
  }
  return members;
}
