import type { Loss } from '../losses/loss.js';
import type { Network } from '../network.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { SamplerPlan } from '../samplers/sampler.js';
import type { Schedule } from '../schedules/schedule.js';
import { losses } from './losses.js';
import { networks } from './networks.js';
import { optimizers } from './optimizers.js';
import type { PartMakers } from './part.js';
import { samplers } from './samplers.js';
import { schedules } from './schedules.js';

/** What recipes that are written down may name. Spread it and add to it to have parts of your own read back. */
export interface Registry {
  readonly networks: PartMakers<Network>;
  readonly samplers: PartMakers<SamplerPlan>;
  readonly losses: PartMakers<Loss>;
  readonly optimizers: PartMakers<Optimizer>;
  readonly schedules: PartMakers<Schedule>;
}

/** All parts that ship. */
export const registry: Registry = { networks, samplers, losses, optimizers, schedules };
