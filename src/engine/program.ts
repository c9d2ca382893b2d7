import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-node';
import { ImagekinError, messageOf } from '../core/errors.js';
import { emitGraph, type GraphSpecification } from './emit.js';
import type { DataType } from './tensor.js';

/** Values for a program's inputs: elements in row-major order. Their length gives a named (batch) axis its size. */
export type ProgramInputs = Readonly<Record<string, TensorData>>;
export type TensorData = Float32Array | Uint8Array | BigInt64Array;
export type ProgramOutputs = Readonly<Record<string, TensorData>>;

export interface ProgramOptions {
  /** Threads that one run may use. Default: all cores. */
  readonly threads?: number;
}

/** Cores that programs use unless told otherwise. */
export function threadCount(): number {
  return availableParallelism();
}

/**
 * A compiled graph, ready to run. Running blocks the thread it is called on until the result is there: what serves people
 * or must stay responsive runs programs in a worker.
 */
export class Program {
  private constructor(
    private readonly session: ort.InferenceSession,
    readonly inputs: ReadonlyMap<
      string,
      { readonly dtype: DataType; readonly shape: readonly (number | string)[] }
    >,
  ) {}

  /** Compiles a graph for this machine. */
  static async compile(
    graph: Omit<GraphSpecification, 'target'>,
    options: ProgramOptions = {},
  ): Promise<Program> {
    return Program.load(emitGraph({ ...graph, target: 'training' }), options);
  }

  /** Loads an ONNX file. Throws `engine-failed` with ONNX Runtime's words where it is refused. */
  static async load(onnx: Uint8Array, { threads = threadCount() }: ProgramOptions = {}): Promise<Program> {
    try {
      const session = await ort.InferenceSession.create(onnx, {
        executionProviders: ['cpu'],
        graphOptimizationLevel: 'all',
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        // Warnings about graphs that a user did not write help nobody, and errors are thrown as well.
        logSeverityLevel: 4,
        extra: { session: { set_denormal_as_zero: '1' } },
      });
      const inputs = session.inputMetadata.map((value) => {
        if (!value.isTensor) throw new Error(`input '${value.name}' is not a tensor`);
        return [value.name, { dtype: value.type as DataType, shape: value.shape }] as const;
      });
      return new Program(session, new Map(inputs));
    } catch (cause) {
      throw new ImagekinError('engine-failed', {
        where: 'engine',
        expected: 'a graph that ONNX Runtime accepts',
        got: messageOf(cause),
        fix: 'if the file is a model of yours, write it again; otherwise report this as a bug',
        cause,
      });
    }
  }

  /** Runs the program once. @throws `engine-failed` where an input is missing or of the wrong size */
  async run(values: ProgramInputs): Promise<ProgramOutputs> {
    const feeds: Record<string, ort.Tensor> = {};
    for (const [name, { dtype, shape }] of this.inputs) {
      const value = values[name];
      if (value === undefined) throw wrongInput(name, 'a value', 'none');
      feeds[name] = tensorOf(name, dtype, value, resolveShape(name, shape, value.length));
    }
    const results = await this.execute(feeds);
    const outputs: Record<string, TensorData> = {};
    for (const [name, tensor] of Object.entries(results)) outputs[name] = tensor.data as TensorData;
    return outputs;
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private async execute(feeds: Record<string, ort.Tensor>): Promise<ort.InferenceSession.OnnxValueMapType> {
    try {
      return await this.session.run(feeds);
    } catch (cause) {
      throw new ImagekinError('engine-failed', {
        where: 'engine',
        expected: 'a program that runs to its end',
        got: messageOf(cause),
        fix: 'check the values that it was given',
        cause,
      });
    }
  }
}

function tensorOf(name: string, dtype: DataType, value: TensorData, shape: number[]): ort.Tensor {
  try {
    return new ort.Tensor(dtype, value, shape);
  } catch {
    throw wrongInput(name, `${dtype} elements`, `a ${value.constructor.name}`);
  }
}

/** Puts a number in the place of the one axis that may be named, from the number of elements that came. */
function resolveShape(name: string, shape: readonly (number | string)[], count: number): number[] {
  const known = shape.reduce<number>((product, d) => (typeof d === 'number' ? product * d : product), 1);
  const open = shape.filter((d) => typeof d === 'string').length;
  if (open === 0 ? count !== known : count % known !== 0) {
    throw wrongInput(name, `${open === 0 ? known : `a multiple of ${known}`} elements`, `${count}`);
  }
  return shape.map((d) => (typeof d === 'number' ? d : count / known));
}

function wrongInput(name: string, expected: string, got: string): ImagekinError {
  return new ImagekinError('engine-failed', {
    where: `program input '${name}'`,
    expected,
    got,
    fix: 'pass the inputs that the program was compiled for',
  });
}
