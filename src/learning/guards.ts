import { ImagekinError } from '../core/errors.js';
import type { Statistics } from './reported-statistics.js';

/** Steps in a row that all embeddings of a batch may be alike. */
const patienceSteps = 200;
const alikeCosine = 0.99999;

/** Notices that a run has collapsed: that the network gives every image the same embedding, and no longer learns. */
export class CollapseGuard {
  /** @param alike steps in a row, so far, in which all embeddings were alike */
  constructor(private alike = 0) {}

  /** Steps in a row, up to the last, in which all embeddings were alike. */
  get stepsAlike(): number {
    return this.alike;
  }

  /**
   * @param statistics of a step; `meanCosine` decides, the others tell how far it has come
   * @throws `training-collapsed` after 200 steps in a row in which the mean cosine was above 0.99999
   */
  observe(statistics: Statistics, step: number): void {
    const { meanCosine = 0, deviation, participationRatio } = statistics;
    this.alike = meanCosine > alikeCosine ? this.alike + 1 : 0;
    if (this.alike < patienceSteps) return;
    const rest =
      deviation === undefined || participationRatio === undefined
        ? ''
        : ` (deviation ${deviation.toExponential(1)}, participation ratio ${participationRatio.toFixed(1)})`;
    throw new ImagekinError('training-collapsed', {
      where: `training, step ${step}`,
      expected: 'embeddings that differ from image to image',
      got: `a mean cosine of ${meanCosine.toFixed(5)} for ${patienceSteps} steps${rest}: the network gives every image the same embedding`,
      fix: 'start anew with a lower --learning-rate and --overwrite, or check that the images and labels are what you think',
    });
  }
}

/** @throws `training-diverged` where a value is NaN or infinite */
export function requireFinite(values: ArrayLike<number>, step: number): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new ImagekinError('training-diverged', {
      where: `training, step ${step}`,
      expected: 'finite numbers',
      got: `${values[i]} in the ${values.length === 1 ? 'loss' : 'weights'}`,
      fix: 'start anew with a lower --learning-rate and --overwrite',
    });
  }
}
