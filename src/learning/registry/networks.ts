import { type Static, type TProperties, Type } from '@sinclair/typebox';
import { convNet } from '../models/conv-net.js';
import { head } from '../models/head.js';
import { pooledBlocks } from '../models/pooled-blocks.js';
import { resnet9 } from '../models/resnet9.js';
import { seed } from '../models/seed.js';
import { testTimeFlip } from '../models/test-time-flip.js';
import { testTimeShift } from '../models/test-time-shift.js';
import type { Network } from '../network.js';
import { count } from './numbers.js';
import { type PartMaker, type PartMakers, part } from './part.js';

const { Optional } = Type;
const inputSize = Type.Object(
  { width: count(), height: count() },
  { additionalProperties: false, description: 'Of the images, in pixels.' },
);
const dimension = count('Length of an embedding.');

const activationName = Type.Union([Type.Literal('relu'), Type.Literal('gelu'), Type.Literal('silu')]);

/** What may be made of any network: an embedding of several views of an image. */
const views = {
  testTimeFlip: Optional(Type.Literal(true, { description: 'Embed an image with its mirror image.' })),
  testTimeShift: Optional(count('Embed an image with itself moved by so many pixels.')),
};

/** Networks by name. */
export const networks: PartMakers<Network> = {
  seed: network({ inputSize: Optional(inputSize), dimension: Optional(dimension) }, seed),
  'conv-net': network(
    {
      inputSize,
      dimension,
      layers: Type.Array(
        Type.Object(
          { width: count(), stride: Type.Union([Type.Literal(1), Type.Literal(2)]) },
          { additionalProperties: false },
        ),
        { minItems: 1 },
      ),
    },
    convNet,
  ),
  'pooled-blocks': network(
    {
      inputSize,
      dimension,
      widths: Type.Array(count(), { minItems: 1, description: 'Channels of each block.' }),
      depth: count('Convolutions in a block.'),
      pool: Type.Union([Type.Literal('average'), Type.Literal('max')]),
      activation: activationName,
      momentum: Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
    },
    pooledBlocks,
  ),
  head: part(
    {
      dimension: Optional(dimension),
      hidden: Optional(
        Type.Array(count(), { description: 'Widths of layers before the last. Default: none.' }),
      ),
      activation: Optional(activationName),
      dropout: Optional(
        Type.Number({
          minimum: 0,
          exclusiveMaximum: 1,
          description: "Share of the backbone's numbers left out.",
        }),
      ),
      backbone: Optional(
        Type.Object(
          { dimension: count(), inputSize },
          { additionalProperties: false, description: 'What it stands on; --backbone fills it in.' },
        ),
      ),
    },
    head,
  ),
  resnet9: network(
    { inputSize: Optional(inputSize), dimension: Optional(dimension), width: Optional(count()) },
    resnet9,
  ),
};

/** A network with the views in which it is used. They are taken in the order in which they are written. */
function network<Properties extends TProperties>(
  properties: Properties,
  make: (options: Static<ReturnType<typeof Type.Object<Properties>>>) => Network,
): PartMaker<Network> {
  return part({ ...properties, ...views }, (options) => {
    const written = options as { readonly testTimeFlip?: true; readonly testTimeShift?: number };
    const { testTimeFlip: _flip, testTimeShift: _shift, ...own } = written;
    return Object.keys(written).reduce(
      (made, key) => {
        if (key === 'testTimeFlip') return testTimeFlip(made);
        return key === 'testTimeShift' ? testTimeShift(made, { pixels: written.testTimeShift! }) : made;
      },
      make(own as Parameters<typeof make>[0]),
    );
  });
}
