import { Type } from '@sinclair/typebox';
import { batchAll } from '../miners/batch-all.js';
import { batchHard } from '../miners/batch-hard.js';
import { batchSemiHard } from '../miners/batch-semi-hard.js';
import { distanceWeighted } from '../miners/distance-weighted.js';
import type { Miner } from '../miners/miner.js';
import { multiSimilarityMiner } from '../miners/multi-similarity.js';
import { atLeastZero, positive } from './numbers.js';
import { type PartMakers, part } from './part.js';

const { Optional } = Type;

/** Miners by name: an option of losses. */
export const miners: PartMakers<Miner> = {
  'batch-all': part({}, batchAll),
  'batch-hard': part({}, batchHard),
  'batch-semi-hard': part({}, batchSemiHard),
  'distance-weighted': part(
    { cutOff: Optional(positive()), furthest: Optional(positive()) },
    distanceWeighted,
  ),
  'multi-similarity': part({ epsilon: Optional(atLeastZero()) }, multiSimilarityMiner),
};
