import { Type } from '@sinclair/typebox';

/** Numbers as options have them. */
export const positive = (description?: string) => Type.Number({ exclusiveMinimum: 0, description });
export const atLeastZero = (description?: string) => Type.Number({ minimum: 0, description });
export const share = (description?: string) => Type.Number({ minimum: 0, maximum: 1, description });
/** A share of what is kept from step to step: with 1 nothing new would ever count. */
export const decay = (description?: string) => Type.Number({ minimum: 0, exclusiveMaximum: 1, description });
export const count = (description?: string) => Type.Integer({ minimum: 1, description });
