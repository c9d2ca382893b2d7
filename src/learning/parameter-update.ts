import {
  concat,
  elementCount,
  gradients,
  input,
  type ParameterSet,
  reshape,
  type Tensor,
} from '../engine/index.js';
import { clipByNorm } from './gradient-clipping.js';
import { rateOf, requireFittingRates } from './parameter-rates.js';
import type { Recipe } from './recipes/recipe.js';

/** What a training step makes of the parameters, inside its graph. */
export interface ParameterUpdate {
  /** float32, as long as the flat parameters. */
  readonly parameters: Tensor;
  /** The optimizer's vectors after the step, in the order of its slots: float32 [slotLength]. */
  readonly slots: readonly Tensor[];
  /** Gradients of the parameters that are not frozen, in their order. */
  readonly gradients: readonly Tensor[];
  /** Length of all of them as one vector, before it was clipped: float32 []. Left out where the recipe does not clip. */
  readonly gradientNorm?: Tensor;
  /** Elements of the parameters that are not frozen. */
  readonly slotLength: number;
}

/**
 * Backward pass and optimizer. They see the parameters that are trained alone: frozen ones cost neither gradient nor slots.
 *
 * @param flat all parameters in one vector
 * @param bound each parameter's part of it
 * @param loss float32 []
 * @throws `wrong-usage` where the recipe's rates do not fit the parameters
 */
export function updateParameters(
  { optimizer, parameterRates = {}, clipNorm, network }: Recipe,
  parameters: ParameterSet,
  flat: Tensor,
  bound: ReadonlyMap<Tensor, Tensor>,
  loss: Tensor,
): ParameterUpdate {
  requireFittingRates(
    parameters.layout.map(({ name }) => name),
    parameterRates,
  );
  const trained = parameters.subset((name) => rateOf(name, parameterRates) > 0);
  const someFrozen = trained.length < parameters.length;
  const allAlike = trained.layout.every(({ name }) => rateOf(name, parameterRates) === 1);
  const valuesOf = (set: ParameterSet, values: ReadonlyMap<Tensor, Tensor>) =>
    flattened(set.tensors.map((tensor) => values.get(tensor)!));

  const derived = gradients(loss, trained.tensors);
  const { clipped, norm } =
    clipNorm === undefined
      ? { clipped: flattened(derived), norm: undefined }
      : clipByNorm(flattened(derived), clipNorm);
  const next = optimizer.build({
    parameters: someFrozen ? valuesOf(trained, bound) : flat,
    gradient: clipped,
    slots: optimizer.slots.map((name) => input(`slot:${name}`, 'float32', [trained.length])),
    scalars: optimizer.scalars(1, 0).map((_, i) => input(`scalar:${i}`, 'float32', [])),
    decayed: trained.spread(({ shape }) => (shape.length > 1 ? 1 : 0)),
    ...(!allAlike && { rates: trained.spread(({ name }) => rateOf(name, parameterRates)) }),
    places: trained.layout,
    layout: network.layout,
  });
  return {
    parameters: someFrozen
      ? valuesOf(parameters, new Map([...bound, ...trained.bindToFlat(next.parameters)]))
      : next.parameters,
    slots: next.slots,
    gradients: derived,
    ...(norm && { gradientNorm: norm }),
    slotLength: trained.length,
  };
}

/** Tensors one after the other in one vector. */
export function flattened(tensors: readonly Tensor[]): Tensor {
  return concat(tensors.map((tensor) => reshape(tensor, [elementCount(tensor.shape as number[])])));
}
