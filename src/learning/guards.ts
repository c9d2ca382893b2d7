import { ImagekinError } from '../core/errors.js';

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
   * @param meanCosine over all pairs of a batch
   * @throws `training-collapsed` after 200 steps in a row in which it was above 0.99999
   */
  observe(meanCosine: number, step: number): void {
    this.alike = meanCosine > alikeCosine ? this.alike + 1 : 0;
    if (this.alike < patienceSteps) return;
    throw new ImagekinError('training-collapsed', {
      where: `training, step ${step}`,
      expected: 'embeddings that differ from image to image',
      got: `a mean cosine of ${meanCosine.toFixed(5)} for ${patienceSteps} steps: the network gives every image the same embedding`,
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
