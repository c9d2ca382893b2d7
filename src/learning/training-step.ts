import { Random } from '../core/random.js';
import {
  type CompileOptions,
  elementCount,
  input,
  isNoise,
  type Lowerings,
  type ParameterSet,
  Program,
  type Tensor,
} from '../engine/index.js';
import { batchStatistics } from './batch-statistics.js';
import { buildEmbeddingGraph, featuresInput, imagesInput } from './embedding-graph.js';
import type { LossParameter } from './losses/loss.js';
import { flattened, updateParameters } from './parameter-update.js';
import type { Recipe } from './recipes/recipe.js';
import { ReportedStatistics, type Statistics } from './reported-statistics.js';
import type { Batch } from './samplers/sampler.js';
import { blendedIn, shareInAverage } from './weight-average.js';

/** All numbers that a training run carries from one step to the next. */
export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  readonly parameters: Float32Array;
  /** The network's states, such as running means. */
  readonly states: Float32Array;
  /** The optimizer's vectors, in the order of its slots. */
  readonly slots: readonly Float32Array[];
  /** Averages over the steps, where the recipe wants some: what the run is for. */
  readonly average?: Weights;
}

export type Weights = Pick<TrainingState, 'parameters' | 'states'>;

export interface StepResult {
  readonly state: TrainingState;
  readonly loss: number;
  /** How the embeddings lie (`batchStatistics`), the gradient's norm where it is clipped, and what the loss reports. */
  readonly statistics: Statistics;
}

export interface TrainingStepOptions extends CompileOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** Classes that labels may name. */
  readonly classCount: number;
}

/** One training step (forward, backward, optimizer) as one program. */
export class TrainingStep {
  private constructor(
    private readonly recipe: Recipe,
    private readonly seed: number,
    private readonly parameters: ParameterSet,
    private readonly states: ParameterSet,
    private readonly slotLength: number,
    private readonly reported: ReportedStatistics,
    private readonly program: Program,
  ) {}

  static async compile(
    recipe: Recipe,
    { batchSize, seed, classCount, ...options }: TrainingStepOptions,
  ): Promise<TrainingStep> {
    const graph = buildEmbeddingGraph(recipe.network, { training: true, batchSize });
    const { embeddings, parameters, states, updates } = graph;
    const labels = input('labels', 'int64', [batchSize]);
    const of =
      (set: ParameterSet): LossParameter =>
      (name, shape, initializer) =>
        set.get(`loss.${name}`, shape, initializer);
    const reported = new ReportedStatistics();
    const { report } = reported;
    for (const [name, scalar] of Object.entries(batchStatistics(embeddings))) report(name, scalar);
    const loss = recipe.loss.build({
      embeddings,
      labels,
      classCount,
      parameter: of(parameters),
      state: of(states),
      update: (state, next) => void updates.set(state, next),
      report,
    });

    const flat = input('parameters', 'float32', [parameters.length]);
    const bindings = parameters.bindToFlat(flat);
    const next = updateParameters(recipe, parameters, flat, bindings, loss);

    if (next.gradientNorm) report('gradientNorm', next.gradientNorm);
    const outputs: Record<string, Tensor> = {
      loss,
      ...reported.outputs(),
      nextParameters: next.parameters,
      ...Object.fromEntries(next.slots.map((slot, i) => [`nextSlot:${recipe.optimizer.slots[i]}`, slot])),
    };
    if (states.length > 0) {
      const flatStates = input('states', 'float32', [states.length]);
      for (const [state, value] of states.bindToFlat(flatStates)) bindings.set(state, value);
      outputs.nextStates = flattened(states.tensors.map((state) => updates.get(state) ?? state));
    }
    if (recipe.averageWeights) {
      const share = input('averageShare', 'float32', []);
      for (const name of ['Parameters', 'States']) {
        const values = outputs[`next${name}`];
        if (values === undefined) continue;
        const average = input(`average${name}`, 'float32', values.shape);
        outputs[`nextAverage${name}`] = blendedIn(average, values, share);
      }
    }
    const first = kernelsLastFirst(next.gradients);
    const program = await Program.compile({ outputs, bindings, first }, options);
    return new TrainingStep(recipe, seed, parameters, states, next.slotLength, reported, program);
  }

  /** How its operations were written. */
  get lowerings(): Lowerings {
    return this.program.lowerings;
  }

  /** Of all that is computed. Steps of equal fingerprints are equal to the bit. */
  get fingerprint(): string {
    return this.program.fingerprint;
  }

  /**
   * The state before the first step.
   * @param fitted first values that depend on the images, by name of parameter or state
   */
  initialState(fitted?: ReadonlyMap<string, Float32Array>): TrainingState {
    const streamOf = (kind: string) => (name: string) => Random.of(this.seed, kind, name);
    const weights = {
      parameters: this.parameters.initialize(streamOf('parameter'), fitted),
      states: this.states.initialize(streamOf('state'), fitted),
    };
    return {
      step: 0,
      ...weights,
      slots: this.recipe.optimizer.slots.map(() => new Float32Array(this.slotLength)),
      ...(this.recipe.averageWeights && { average: weights }),
    };
  }

  /**
   * Takes one step.
   * @param images uint8 [batch, height, width, 3], or what the network takes in their place
   */
  async run(
    state: TrainingState,
    images: Uint8Array | Float32Array,
    { labels }: Pick<Batch, 'labels'>,
    learningRate: number,
  ): Promise<StepResult> {
    const { network, optimizer, averageWeights } = this.recipe;
    const step = state.step + 1;
    const inputs: Record<string, Float32Array | Uint8Array | BigInt64Array> = {
      [network.backbone ? featuresInput : imagesInput]: images,
      parameters: state.parameters,
      states: state.states,
    };
    if (this.program.inputs.has('labels')) inputs.labels = BigInt64Array.from(labels, BigInt);
    for (const [i, name] of optimizer.slots.entries()) inputs[`slot:${name}`] = state.slots[i]!;
    for (const [i, value] of optimizer.scalars(step, learningRate).entries()) {
      inputs[`scalar:${i}`] = Float32Array.of(value);
    }
    if (averageWeights) {
      inputs.averageParameters = state.average!.parameters;
      inputs.averageStates = state.average!.states;
      inputs.averageShare = Float32Array.of(shareInAverage(step, averageWeights));
    }
    for (const [name, { shape }] of this.program.inputs) {
      if (isNoise(name)) inputs[name] = uniformNoise(shape as number[], Random.of(this.seed, name, step));
    }
    const outputs = await this.program.run(inputs);
    const vector = (name: string) => outputs[name] as Float32Array;
    const statesOf = (name: string) => (this.states.length > 0 ? vector(name) : state.states);
    return {
      loss: vector('loss')[0]!,
      statistics: this.reported.read(outputs),
      state: {
        step,
        parameters: vector('nextParameters'),
        states: statesOf('nextStates'),
        slots: optimizer.slots.map((name) => vector(`nextSlot:${name}`)),
        ...(averageWeights && {
          average: {
            parameters: vector('nextAverageParameters'),
            states: statesOf('nextAverageStates'),
          },
        }),
      },
    };
  }

  release(): Promise<void> {
    return this.program.release();
  }
}

/** Elements of all kernels from which on the order of their gradients is worth its price. */
const fewestElements = 500_000;

/**
 * Gradients of kernels, those of the last layers first: each uses up what the backward pass holds of its layer. Where there
 * is little to hold, asking for it costs more time than it is worth.
 */
function kernelsLastFirst(gradients: readonly Tensor[]): Tensor[] {
  const kernels = gradients.filter(({ rank }) => rank === 4).reverse();
  const elements = kernels.reduce((sum, { shape }) => sum + elementCount(shape as number[]), 0);
  return elements < fewestElements ? [] : kernels;
}

function uniformNoise(shape: readonly number[], random: Random): Float32Array {
  const values = new Float32Array(shape.reduce((count, d) => count * d, 1));
  for (let i = 0; i < values.length; i++) values[i] = random.uniform();
  return values;
}
