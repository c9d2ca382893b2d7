import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox';
import { type DistanceName, distances } from '../distances/index.js';
import { arcFace } from '../losses/arc-face.js';
import { circle } from '../losses/circle.js';
import { contrastive } from '../losses/contrastive.js';
import { cosFace } from '../losses/cos-face.js';
import type { Loss } from '../losses/loss.js';
import { multiSimilarity } from '../losses/multi-similarity.js';
import { normalizedSoftmax } from '../losses/normalized-softmax.js';
import { ntXent } from '../losses/nt-xent.js';
import { pairSoftmax } from '../losses/pair-softmax.js';
import { proxyAnchor } from '../losses/proxy-anchor.js';
import { proxyNca } from '../losses/proxy-nca.js';
import { regularized } from '../losses/regularized.js';
import { smoothAp } from '../losses/smooth-ap.js';
import { softNearestNeighbour } from '../losses/soft-nearest-neighbour.js';
import { supCon } from '../losses/sup-con.js';
import { triplet } from '../losses/triplet.js';
import { withMemory } from '../losses/with-memory.js';
import type { Miner } from '../miners/miner.js';
import { miners } from './miners.js';
import { count, positive, share } from './numbers.js';
import { makePart, type PartMaker, type PartMakers, part, partSchema } from './part.js';
import { regularizers } from './regularizers.js';

const { Literal, Number: Real, Optional, Union } = Type;
const temperature = positive('Divides the cosines.');
const distance = Optional(Union((Object.keys(distances) as DistanceName[]).map((name) => Literal(name))));
const reducer = Optional(
  Union([Literal('mean'), Literal('sum'), Literal('mean-of-non-zero'), Literal('per-anchor')]),
);
const miner = Optional(partSchema(miners));
const margin = Optional(Real());
const scale = Optional(positive());
const soft = { temperature: Optional(temperature), distance, reducer };

/** Losses by name. A new one is a line here. */
export const losses: PartMakers<Loss> = {
  'pair-softmax': loss(
    { temperature: Optional(temperature), symmetric: Optional(Type.Boolean()) },
    pairSoftmax,
  ),
  'soft-nearest-neighbour': loss(soft, softNearestNeighbour),
  'nt-xent': loss(soft, ntXent),
  'sup-con': loss(soft, supCon),
  'smooth-ap': loss({ temperature: Optional(temperature), distance }, smoothAp),
  triplet: loss(
    { margin: Optional(Union([Real(), Literal('soft')])), distance, miner, reducer },
    mined(triplet),
  ),
  contrastive: loss(
    { positiveMargin: margin, negativeMargin: margin, distance, miner, reducer },
    mined(contrastive),
  ),
  'multi-similarity': loss(
    { alpha: scale, beta: scale, base: margin, distance, miner, reducer },
    mined(multiSimilarity),
  ),
  circle: loss({ margin, scale, reducer }, circle),
  'normalized-softmax': loss(
    { temperature: Optional(temperature), labelSmoothing: Optional(share()) },
    normalizedSoftmax,
  ),
  'arc-face': loss({ margin, scale }, arcFace),
  'cos-face': loss({ margin, scale }, cosFace),
  'proxy-anchor': loss({ margin, alpha: scale }, proxyAnchor),
  'proxy-nca': loss({ temperature: Optional(positive('Divides squared distances.')) }, proxyNca),
};

/** The options of a loss with its miner made. */
function mined<Options extends { readonly miner?: Miner }>(make: (options: Options) => Loss) {
  return ({ miner: written, ...options }: Omit<Options, 'miner'> & { readonly miner?: unknown }): Loss =>
    make({
      ...options,
      ...(written !== undefined && { miner: makePart(miners, written) }),
    } as unknown as Options);
}

/** A loss with what may be made of any: a memory of earlier batches, penalties. They come in the order of the keys. */
function loss<Properties extends TProperties>(
  properties: Properties,
  make: (options: Static<TObject<Properties>>) => Loss,
): PartMaker<Loss> {
  const around = {
    memory: Optional(
      Type.Object(
        { size: count(), startStep: Optional(Type.Integer({ minimum: 0 })) },
        {
          additionalProperties: false,
          description: 'Compare with embeddings of earlier batches as well.',
        },
      ),
    ),
    regularizers: Optional(Type.Array(partSchema(regularizers))),
  };
  return part({ ...properties, ...around }, (options) => {
    const written = options as unknown as Static<TObject<typeof around>>;
    const { memory, regularizers: penalties, ...own } = written;
    return Object.keys(written).reduce(
      (made, key) => {
        if (key === 'memory') return withMemory(made, memory!);
        if (key !== 'regularizers') return made;
        return regularized(made, ...penalties!.map((penalty) => makePart(regularizers, penalty)));
      },
      make(own as Parameters<typeof make>[0]),
    );
  });
}
