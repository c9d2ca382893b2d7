import { type TProperties, Type } from '@sinclair/typebox';
import { atLeastZero, share } from './numbers.js';

const { Optional } = Type;
const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });
const level = Type.Number({ minimum: 0, maximum: 255 });

/** `Augmentation`, written down. */
export const augmentationSchema = closed({
  horizontalFlip: Optional(Type.Union([share(), Type.Literal('alternating')])),
  shiftPixels: Optional(Type.Integer({ minimum: 0 })),
  affine: Optional(
    closed({
      rotationDegrees: Optional(atLeastZero()),
      scale: Optional(
        Type.Tuple([Type.Number({ exclusiveMinimum: 0 }), Type.Number({ exclusiveMinimum: 0 })]),
      ),
      translate: Optional(atLeastZero()),
      shearDegrees: Optional(atLeastZero()),
      aspect: Optional(atLeastZero()),
    }),
  ),
  grey: Optional(share()),
  colour: Optional(
    closed({
      brightness: Optional(atLeastZero()),
      contrast: Optional(atLeastZero()),
      tint: Optional(atLeastZero()),
      saturation: Optional(atLeastZero()),
      hueDegrees: Optional(atLeastZero()),
      centre: Optional(level),
    }),
  ),
  cutout: Optional(closed({ side: share(), probability: Optional(share()) })),
  background: Optional(Type.Union([Type.Tuple([level, level, level]), Type.Literal('reflect')])),
});

/** `ClassAugmentation`, written down. */
export const classAugmentationSchema = closed({
  mirror: Optional(share()),
  recolour: Optional(share()),
});
