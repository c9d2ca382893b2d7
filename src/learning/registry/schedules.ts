import { Type } from '@sinclair/typebox';
import { constantRate } from '../schedules/constant-rate.js';
import { cosine } from '../schedules/cosine.js';
import type { Schedule } from '../schedules/schedule.js';
import { triangular } from '../schedules/triangular.js';
import { positive, share } from './numbers.js';
import { type PartMakers, part } from './part.js';

const { Optional } = Type;
const riseAndFall = {
  peak: positive('Highest learning rate.'),
  warmUp: Optional(share('Share of the run that the rise takes.')),
  start: Optional(share('Rate that the rise starts from, as a share of the peak.')),
  final: Optional(share('Rate that the fall ends at, as a share of the peak.')),
};

/** Schedules by name. */
export const schedules: PartMakers<Schedule> = {
  constant: part({ learningRate: positive() }, ({ learningRate }) => constantRate(learningRate)),
  triangular: part(riseAndFall, triangular),
  cosine: part(riseAndFall, cosine),
};
