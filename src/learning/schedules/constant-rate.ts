import type { Schedule } from './schedule.js';

/** The same learning rate throughout. */
export function constantRate(learningRate: number): Schedule {
  return { name: 'constant', options: { learningRate }, learningRate: () => learningRate };
}
