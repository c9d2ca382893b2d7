import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { ImagekinError, messageOf } from '../core/errors.js';
import type { GraphSpecification } from './emit.js';
import { createSession, profilePrefix, refused, type SessionOptions } from './session.js';
import type { DataType } from './tensor.js';
import type { TuningWishes } from './tuning/choose-lowerings.js';
import type { Lowerings } from './tuning/lowering-choice.js';

/** Values for a program's inputs: elements in row-major order. Their length gives a named (batch) axis its size. */
export type ProgramInputs = Readonly<Record<string, TensorData>>;
export type TensorData = Float32Array | Uint8Array | BigInt64Array;
export type ProgramOutputs = Readonly<Record<string, TensorData>>;

export type ProgramOptions = SessionOptions;

export interface CompileOptions extends ProgramOptions, TuningWishes {}

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
    /**
     * How each operation that can be written in several ways was, by the key of that choice. Other lowerings round
     * otherwise, so whoever wants the same bits again passes them to `compile`.
     */
    readonly lowerings: Lowerings,
    /** SHA-256 of the ONNX file that it was made of: programs of equal fingerprints compute the same bits on one machine. */
    readonly fingerprint: string,
    private readonly outputs: readonly string[],
    private readonly profileDirectory: string | undefined,
  ) {}

  /**
   * Compiles a graph for this machine. Operations that can be written in several ways are measured first, once on a machine
   * (`tuning/`).
   */
  static async compile(
    graph: Omit<GraphSpecification, 'target' | 'lowerings'>,
    options: CompileOptions = {},
  ): Promise<Program> {
    // Only now: threads that run a model file begin sooner without them.
    const [{ emitGraph }, { chooseLowerings }] = await Promise.all([
      import('./emit.js'),
      import('./tuning/choose-lowerings.js'),
    ]);
    const lowerings = await chooseLowerings(graph, options);
    const onnx = emitGraph({ ...graph, target: 'training', lowerings });
    return Program.create(onnx, options, lowerings, Object.keys(graph.outputs));
  }

  /** Loads an ONNX file in the form that is fastest here. @throws as `loadAsIs` */
  static async load(onnx: Uint8Array, options: ProgramOptions = {}): Promise<Program> {
    const { fastestForm } = await import('./onnx-file/fastest-form.js');
    return Program.loadAsIs(fastestForm(onnx, options.device), options);
  }

  /** Loads an ONNX file. Throws `engine-failed` with ONNX Runtime's words where it is refused. */
  static loadAsIs(onnx: Uint8Array, options: ProgramOptions = {}): Promise<Program> {
    return Program.create(onnx, options, {});
  }

  private static async create(
    onnx: Uint8Array,
    options: ProgramOptions,
    lowerings: Lowerings,
    outputs?: readonly string[],
  ): Promise<Program> {
    const session = await createSession(onnx, options);
    const inputs = session.inputMetadata.map((value) => {
      if (!value.isTensor) throw refused(new Error(`input '${value.name}' is not a tensor`));
      return [value.name, { dtype: value.type as DataType, shape: value.shape }] as const;
    });
    const names = outputs ?? session.outputNames;
    const fingerprint = createHash('sha256').update(onnx).digest('hex');
    return new Program(session, new Map(inputs), lowerings, fingerprint, names, options.profileDirectory);
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

  /**
   * Ends the profile that was asked for with `profileDirectory`.
   * @returns path of ONNX Runtime's JSON: an event per ONNX node and run, its `name` that of the node, `dur` in microseconds
   */
  endProfiling(): string {
    const folder = this.profileDirectory;
    if (folder === undefined) throw new Error('no profile was asked for');
    this.session.endProfiling();
    // ONNX Runtime adds the time to the name and does not hand it on; names of later ones are later in the alphabet.
    const last = readdirSync(folder)
      .filter((name) => name.startsWith(profilePrefix) && name.endsWith('.json'))
      .sort()
      .at(-1)!;
    return join(folder, last);
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private async execute(feeds: Record<string, ort.Tensor>): Promise<ort.InferenceSession.OnnxValueMapType> {
    try {
      return await this.session.run(feeds, this.outputs);
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
