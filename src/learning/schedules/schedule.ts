import type { Described } from '../network.js';

/** The learning rate over a run. */
export interface Schedule extends Described {
  /**
   * @param step counts from 0
   * @param totalSteps of the whole run
   */
  learningRate(step: number, totalSteps: number): number;
}
