import { Type } from '@sinclair/typebox';
import { adam, adamW } from '../optimizers/adam.js';
import { muon } from '../optimizers/muon.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { sgd } from '../optimizers/sgd.js';
import { atLeastZero, count, decay, positive } from './numbers.js';
import { type PartMakers, part } from './part.js';

const { Optional } = Type;
const moments = { beta1: Optional(decay()), beta2: Optional(decay()), epsilon: Optional(positive()) };
const weightDecay = Optional(atLeastZero());

/** Optimizers by name. */
export const optimizers: PartMakers<Optimizer> = {
  // It is written down with the decay that it does not have.
  adam: part({ ...moments, weightDecay: Optional(Type.Literal(0)) }, adam),
  adamw: part({ ...moments, weightDecay }, adamW),
  sgd: part({ momentum: Optional(decay()), nesterov: Optional(Type.Boolean()), weightDecay }, sgd),
  muon: part(
    {
      momentum: Optional(decay()),
      iterations: Optional(count()),
      matrices: Optional(Type.Union([Type.Literal('kernels'), Type.Literal('weights')])),
      rescaled: Optional(Type.Boolean()),
      otherRate: Optional(atLeastZero()),
      otherMomentum: Optional(decay()),
    },
    muon,
  ),
};
