import { Random } from '../core/random.js';
import {
  concat,
  constant,
  gradients,
  input,
  isNoise,
  mean,
  multiply,
  type ParameterSet,
  Program,
  type ProgramOptions,
  reshape,
  subtract,
  sum,
  type Tensor,
} from '../engine/index.js';
import { buildEmbeddingGraph, imagesInput } from './embedding-graph.js';
import type { Recipe } from './recipes/recipe.js';
import type { Batch } from './samplers/sampler.js';

/** All numbers that a training run carries from one step to the next. */
export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  readonly parameters: Float32Array;
  /** The network's states, such as running means. */
  readonly states: Float32Array;
  /** The optimizer's vectors, in the order of its slots. */
  readonly slots: readonly Float32Array[];
}

export interface StepResult {
  readonly state: TrainingState;
  readonly loss: number;
  /**
   * 1 − (mean of ‖e‖² − ‖mean of e‖²) over the embeddings e of the batch: for unit vectors the mean cosine over all pairs
   * of its images, each with itself included. 1 when all embeddings are alike, also where norms have overflowed and all
   * are zero.
   */
  readonly meanCosine: number;
}

/** One training step (forward, backward, optimizer) as one program. */
export class TrainingStep {
  private constructor(
    private readonly recipe: Recipe,
    private readonly seed: number,
    private readonly parameters: ParameterSet,
    private readonly states: ParameterSet,
    private readonly program: Program,
  ) {}

  static async compile(
    recipe: Recipe,
    { batchSize, seed, ...options }: { readonly batchSize: number; readonly seed: number } & ProgramOptions,
  ): Promise<TrainingStep> {
    const graph = buildEmbeddingGraph(recipe.network, { training: true, batchSize });
    const { embeddings, parameters, states, updates } = graph;
    const labels = input('labels', 'int64', [batchSize]);
    const loss = recipe.loss.build({ embeddings, labels });
    const gradient = flatten(gradients(loss, parameters.tensors));

    const flat = input('parameters', 'float32', [parameters.length]);
    const slots = recipe.optimizer.slots.map((name) => input(`slot:${name}`, 'float32', [parameters.length]));
    const scalars = recipe.optimizer.scalars(1, 0).map((_, i) => input(`scalar:${i}`, 'float32', []));
    const decayed = parameters.spread((shape) => (shape.length > 1 ? 1 : 0));
    const next = recipe.optimizer.build({ parameters: flat, gradient, slots, scalars, decayed });

    const meanEmbedding = mean(embeddings, { axes: [0] });
    const meanSquare = mean(sum(multiply(embeddings, embeddings), { axes: [1] }));
    const spread = subtract(meanSquare, sum(multiply(meanEmbedding, meanEmbedding)));
    const bindings = parameters.bindToFlat(flat);
    const outputs: Record<string, Tensor> = {
      loss,
      meanCosine: subtract(constant(1), spread),
      nextParameters: next.parameters,
      ...Object.fromEntries(next.slots.map((slot, i) => [`nextSlot:${recipe.optimizer.slots[i]}`, slot])),
    };
    if (states.length > 0) {
      const flatStates = input('states', 'float32', [states.length]);
      for (const [state, value] of states.bindToFlat(flatStates)) bindings.set(state, value);
      outputs.nextStates = flatten(states.tensors.map((state) => updates.get(state) ?? state));
    }
    const program = await Program.compile({ outputs, bindings }, options);
    return new TrainingStep(recipe, seed, parameters, states, program);
  }

  /** The state before the first step. */
  initialState(): TrainingState {
    return {
      step: 0,
      parameters: this.parameters.initialize((name) => Random.of(this.seed, 'parameter', name)),
      states: this.states.initialize((name) => Random.of(this.seed, 'state', name)),
      slots: this.recipe.optimizer.slots.map(() => new Float32Array(this.parameters.length)),
    };
  }

  /**
   * Takes one step.
   * @param pixels uint8 [batch, height, width, 3]
   */
  async run(
    state: TrainingState,
    pixels: Uint8Array,
    { labels }: Pick<Batch, 'labels'>,
    learningRate: number,
  ): Promise<StepResult> {
    const { optimizer } = this.recipe;
    const step = state.step + 1;
    const inputs: Record<string, Float32Array | Uint8Array | BigInt64Array> = {
      [imagesInput]: pixels,
      parameters: state.parameters,
      states: state.states,
    };
    if (this.program.inputs.has('labels')) inputs.labels = BigInt64Array.from(labels, BigInt);
    for (const [i, name] of optimizer.slots.entries()) inputs[`slot:${name}`] = state.slots[i]!;
    for (const [i, value] of optimizer.scalars(step, learningRate).entries()) {
      inputs[`scalar:${i}`] = Float32Array.of(value);
    }
    for (const [name, { shape }] of this.program.inputs) {
      if (isNoise(name)) inputs[name] = uniformNoise(shape as number[], Random.of(this.seed, name, step));
    }
    const outputs = await this.program.run(inputs);
    const vector = (name: string) => outputs[name] as Float32Array;
    return {
      loss: vector('loss')[0]!,
      meanCosine: vector('meanCosine')[0]!,
      state: {
        step,
        parameters: vector('nextParameters'),
        states: this.states.length > 0 ? vector('nextStates') : state.states,
        slots: optimizer.slots.map((name) => vector(`nextSlot:${name}`)),
      },
    };
  }

  release(): Promise<void> {
    return this.program.release();
  }
}

function flatten(tensors: readonly Tensor[]): Tensor {
  return concat(tensors.map((t) => reshape(t, [(t.shape as number[]).reduce((count, d) => count * d, 1)])));
}

function uniformNoise(shape: readonly number[], random: Random): Float32Array {
  const values = new Float32Array(shape.reduce((count, d) => count * d, 1));
  for (let i = 0; i < values.length; i++) values[i] = random.uniform();
  return values;
}
