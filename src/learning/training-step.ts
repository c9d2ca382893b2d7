import { Random } from '../core/random.js';
import {
  atTime,
  type CompileOptions,
  elementCount,
  input,
  isNoise,
  type Lowerings,
  type ParameterSet,
  Program,
  type Tensor,
  type TensorData,
  unrolled,
} from '../engine/index.js';
import { batchStatistics } from './batch-statistics.js';
import { buildEmbeddingGraph, featuresInput, imagesInput } from './embedding-graph.js';
import type { LossParameter } from './losses/loss.js';
import type { Network } from './network.js';
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

/** What a step is taken on. */
export interface StepInput extends Pick<Batch, 'labels'> {
  /** uint8 [batch, height, width, 3], or what the network takes in the place of images. */
  readonly input: Uint8Array | Float32Array;
  readonly learningRate: number;
}

/** What a step came to. */
export interface StepOutcome {
  readonly loss: number;
  /** How the embeddings lie (`batchStatistics`), the gradient's norm where it is clipped, and what the loss reports. */
  readonly statistics: Statistics;
}

export interface StepsResult {
  /** After the last of the steps. */
  readonly state: TrainingState;
  /** Of each step. */
  readonly outcomes: readonly StepOutcome[];
}

export interface TrainingStepOptions extends CompileOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** Classes that labels may name. */
  readonly classCount: number;
  /** Numbers of steps after each of which the state is wanted: a run takes so many that it ends there. Default: after each. */
  readonly pauses?: readonly number[];
  /** Steps that a run takes at most. Default: 10 where batches are small, else 1. */
  readonly mostStepsPerRun?: number;
}

/** One training step (forward, backward, optimizer), or a few in a row, as one program. */
export class TrainingStep {
  private constructor(
    private readonly recipe: Recipe,
    private readonly seed: number,
    private readonly parameters: ParameterSet,
    private readonly states: ParameterSet,
    private readonly slotLength: number,
    private readonly reported: ReportedStatistics,
    private readonly program: Program,
    /** Steps that a run takes. */
    readonly stepsPerRun: number,
  ) {}

  static async compile(recipe: Recipe, options: TrainingStepOptions): Promise<TrainingStep> {
    const { batchSize, seed, classCount, pauses = [1] } = options;
    const { mostStepsPerRun = stepsWorthJoining(batchSize * elementsOfImage(recipe.network)) } = options;
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
    const carried = new Map<string, string>();
    const outputs: Record<string, Tensor> = { loss, ...reported.outputs() };
    const carry = (from: string, to: string, value: Tensor) => {
      outputs[to] = value;
      carried.set(from, to);
    };
    carry('parameters', 'nextParameters', next.parameters);
    for (const [i, name] of recipe.optimizer.slots.entries())
      carry(`slot:${name}`, `nextSlot:${name}`, next.slots[i]!);
    if (states.length > 0) {
      const flatStates = input('states', 'float32', [states.length]);
      for (const [state, value] of states.bindToFlat(flatStates)) bindings.set(state, value);
      carry('states', 'nextStates', flattened(states.tensors.map((state) => updates.get(state) ?? state)));
    }
    if (recipe.averageWeights) {
      const share = input('averageShare', 'float32', []);
      for (const name of ['Parameters', 'States']) {
        const values = outputs[`next${name}`];
        if (values === undefined) continue;
        const average = input(`average${name}`, 'float32', values.shape);
        carry(`average${name}`, `nextAverage${name}`, blendedIn(average, values, share));
      }
    }
    const first = kernelsLastFirst(next.gradients);
    // What is to be computed first is so in one step only.
    const stepsPerRun = first.length > 0 ? 1 : largestDivisor(pauses, mostStepsPerRun);
    const steps = unrolled({ outputs, bindings, carried }, stepsPerRun);
    const program = await Program.compile({ outputs: steps, bindings, first }, options);
    return new TrainingStep(
      recipe,
      seed,
      parameters,
      states,
      next.slotLength,
      reported,
      program,
      stepsPerRun,
    );
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
   * Takes the steps of a run, one after the other.
   * @param batches one for each of `stepsPerRun`
   */
  async run(state: TrainingState, batches: readonly StepInput[]): Promise<StepsResult> {
    if (batches.length !== this.stepsPerRun)
      throw new Error(`expected ${this.stepsPerRun} batches, got ${batches.length}`);
    const { optimizer, averageWeights } = this.recipe;
    const inputs: Record<string, TensorData> = { parameters: state.parameters, states: state.states };
    for (const [i, name] of optimizer.slots.entries()) inputs[`slot:${name}`] = state.slots[i]!;
    if (averageWeights) {
      inputs.averageParameters = state.average!.parameters;
      inputs.averageStates = state.average!.states;
    }
    for (const [time, batch] of batches.entries()) {
      for (const [name, value] of this.#inputsOf(batch, state.step + 1 + time))
        inputs[atTime(name, time)] = value;
    }
    const outputs = await this.program.run(inputs);
    const vector = (name: string) => outputs[name] as Float32Array;
    const statesOf = (name: string) => (this.states.length > 0 ? vector(name) : state.states);
    return {
      outcomes: batches.map((_, time) => ({
        loss: vector(atTime('loss', time))[0]!,
        statistics: this.reported.read(outputs, time),
      })),
      state: {
        step: state.step + batches.length,
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

  /** What one step, counted from 1, takes beside the state, by the name of the input. */
  *#inputsOf({ input, labels, learningRate }: StepInput, step: number): Iterable<[string, TensorData]> {
    const { network, optimizer, averageWeights } = this.recipe;
    yield [network.backbone ? featuresInput : imagesInput, input];
    if (this.program.inputs.has('labels')) yield ['labels', BigInt64Array.from(labels, BigInt)];
    for (const [i, value] of optimizer.scalars(step, learningRate).entries())
      yield [`scalar:${i}`, Float32Array.of(value)];
    if (averageWeights) yield ['averageShare', Float32Array.of(shareInAverage(step, averageWeights))];
    for (const [name, shape] of this.#noises())
      yield [name, uniformNoise(shape, Random.of(this.seed, name, step))];
  }

  /** The random numbers that a step takes: name and shape of the input. */
  *#noises(): Iterable<[string, readonly number[]]> {
    const { inputs } = this.program;
    for (const [name, { shape }] of inputs) {
      if (isNoise(name) && inputs.has(atTime(name, this.stepsPerRun - 1))) yield [name, shape as number[]];
    }
  }

  release(): Promise<void> {
    return this.program.release();
  }
}

/**
 * Steps that are worth taking as one. Getting in and out of a run hardly counts where batches are larger, and ONNX Runtime,
 * which keeps a buffer for the next value of its shape, would go through more memory than one step needs. More than 10
 * would save next to nothing and keep what follows a run waiting.
 */
function stepsWorthJoining(elementsOfBatch: number): number {
  return elementsOfBatch > 100_000 ? 1 : 10;
}

function elementsOfImage({ backbone, inputSize: { width, height } }: Network): number {
  return backbone ? backbone.dimension : 3 * width * height;
}

function largestDivisor(numbers: readonly number[], most: number): number {
  for (let divisor = Math.min(Math.floor(most), ...numbers); divisor > 1; divisor--) {
    if (numbers.every((number) => number % divisor === 0)) return divisor;
  }
  return 1;
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
