import {
  type FileConstant,
  fileConstants,
  integerAttribute,
  integersAttribute,
  integersOf,
} from './file-tensor.js';
import type { FileNode, OnnxFile } from './onnx-file.js';
import { elementType } from './portable-nodes.js';

/**
 * Which feature maps [N, C, H, W] of a file may be given more channels, and which must then have as many.
 *
 * A channel more is one that no channel of before sees: whatever makes it is told to make it of nothing, and the convolutions
 * that take it give it no weight. What it holds must be finite, as 0 · ∞ is no zero. So a map may have more only where all
 * that makes it and all that takes it is known here, and its channels stay apart until they reach a convolution.
 */
export interface ChannelGroups {
  /** How many channels a map has; `undefined` where it must keep those. */
  channelsOf(value: string): number | undefined;
  /** What a node is here; `undefined` where it is not known. */
  roleOf(node: FileNode): ChannelRole | undefined;
}

export type ChannelRole =
  /** A convolution over all channels: those of its output are independent of those of its input. */
  | { readonly kind: 'convolution' }
  /** A convolution of each channel by itself. */
  | { readonly kind: 'depthwise' }
  | { readonly kind: 'batch-norm' }
  /** Each channel by itself; `constants` are its inputs that hold a value per channel, behind `axis` axes. */
  | {
      readonly kind: 'channelwise';
      readonly constants: readonly { readonly input: number; readonly axis: number }[];
    };

/** Functions of single elements that are finite where those are. Further inputs and attributes say which function. */
const functions = new Set([
  'Relu',
  'LeakyRelu',
  'Elu',
  'Sigmoid',
  'HardSigmoid',
  'HardSwish',
  'Tanh',
  'Clip',
  'Identity',
]);
const arithmetic = new Set(['Add', 'Sub', 'Mul', 'Div']);
const pools = new Set(['MaxPool', 'AveragePool', 'GlobalAveragePool', 'GlobalMaxPool']);

export function channelGroups(file: OnnxFile): ChannelGroups {
  const finder = new GroupFinder(fileConstants(file));
  for (const { name, external } of file.initializers) if (external) finder.keep(name);
  for (const { name } of [...file.inputs, ...file.outputs]) finder.keep(name);
  for (const node of file.nodes) finder.visit(node);
  return finder;
}

class GroupFinder implements ChannelGroups {
  readonly #parents = new Map<string, string>();
  readonly #channels = new Map<string, number>();
  readonly #kept = new Set<string>();
  readonly #roles = new Map<FileNode, ChannelRole>();

  constructor(private readonly constants: ReadonlyMap<string, FileConstant>) {}

  channelsOf(value: string): number | undefined {
    const group = this.#groupOf(value);
    return this.#kept.has(group) ? undefined : this.#channels.get(group);
  }

  /** The maps that have as many channels as this one, named by one of them. */
  #groupOf(value: string): string {
    let group = value;
    for (let up = this.#parents.get(group); up !== undefined; up = this.#parents.get(group)) group = up;
    return group;
  }

  roleOf(node: FileNode): ChannelRole | undefined {
    return this.#roles.get(node);
  }

  /** The value, and all that go with it, must stay as they are. */
  keep(value: string): void {
    this.#kept.add(this.#groupOf(value));
  }

  visit(node: FileNode): void {
    for (const name of node.captured) this.keep(name);
    const role = this.#recognize(node);
    if (role) this.#roles.set(node, role);
    else for (const name of [...node.inputs, ...node.outputs]) if (name !== '') this.keep(name);
  }

  #recognize(node: FileNode): ChannelRole | undefined {
    const { opType, domain, inputs, outputs } = node;
    const [x, y] = [inputs[0], outputs[0]];
    if (domain !== '' || outputs.length !== 1 || !x || !y) return undefined;
    if (arithmetic.has(opType)) return this.#recognizeArithmetic(node, y);
    // Nothing makes a constant longer that is not named below.
    if (this.constants.has(x)) return undefined;
    if (opType === 'Conv') return this.#recognizeConvolution(node, x, y);
    if (opType === 'BatchNormalization') {
      const isTraining = integerAttribute(node, 'training_mode') === 1;
      if (isTraining || !inputs.slice(1).every((name) => this.#floats(name)?.dims.length === 1))
        return undefined;
      this.#join(x, y);
      return { kind: 'batch-norm' };
    }
    if (functions.has(opType) || pools.has(opType) || (opType === 'ReduceMean' && this.#isOverSpace(node))) {
      this.#join(x, y);
      for (const name of inputs.slice(1)) this.keep(name);
      return { kind: 'channelwise', constants: [] };
    }
    return undefined;
  }

  #recognizeConvolution(node: FileNode, x: string, y: string): ChannelRole | undefined {
    const [, weight, bias] = node.inputs;
    const dims = this.#floats(weight)?.dims;
    if (dims?.length !== 4 || (bias && this.#floats(bias)?.dims.length !== 1)) return undefined;
    const groups = integerAttribute(node, 'group') ?? 1;
    if (groups === 1) {
      this.#count(y, dims[0]!);
      return { kind: 'convolution' };
    }
    if (dims[0] !== groups || dims[1] !== 1) return undefined;
    this.#join(x, y);
    this.#count(y, groups);
    return { kind: 'depthwise' };
  }

  /** Of maps with each other, with a number, or with a number per channel. */
  #recognizeArithmetic({ opType, inputs }: FileNode, y: string): ChannelRole | undefined {
    const places = inputs.map((name, input) => ({ name, input, constant: this.constants.get(name) }));
    const maps = places.filter(({ constant }) => constant === undefined);
    // What a map holds in a channel that was added may be 0.
    if (maps.length === 0 || (opType === 'Div' && places[1]?.constant === undefined)) return undefined;
    const constants: { input: number; axis: number }[] = [];
    for (const { name, input, constant } of places) {
      if (constant === undefined) continue;
      const { dims } = constant;
      const axis = dims.length - 3;
      const isPerChannel =
        axis >= 0 && dims.length <= 4 && dims.every((length, i) => i === axis || length === 1);
      if (!this.#floats(name) || dims.length > 4) return undefined;
      if (dims.every((length) => length === 1)) continue;
      if (!isPerChannel) return undefined;
      constants.push({ input, axis });
      this.#count(y, dims[axis]!);
    }
    for (const { name } of maps) this.#join(name, y);
    return { kind: 'channelwise', constants };
  }

  /** Whether it reduces rows and columns alone, and leaves their axes. */
  #isOverSpace(node: FileNode): boolean {
    const constant = this.constants.get(node.inputs[1] ?? '');
    const axes = integersAttribute(node, 'axes') ?? (constant && integersOf(constant));
    const isKept = (integerAttribute(node, 'keepdims') ?? 1) === 1;
    return (
      isKept && axes?.length === 2 && [2, 3].every((axis) => axes.includes(axis) || axes.includes(axis - 4))
    );
  }

  #floats(name: string | undefined): FileConstant | undefined {
    const constant = this.constants.get(name ?? '');
    return constant?.elemType === elementType.float32 ? constant : undefined;
  }

  #join(a: string, b: string): void {
    const [from, to] = [this.#groupOf(a), this.#groupOf(b)];
    if (from === to) return;
    this.#parents.set(from, to);
    if (this.#kept.has(from)) this.#kept.add(to);
    const channels = this.#channels.get(from);
    if (channels !== undefined) this.#count(to, channels);
  }

  /** Notes how many channels a map has. Where that is told twice and differs, there is broadcasting, and nothing is added. */
  #count(value: string, channels: number): void {
    const group = this.#groupOf(value);
    const known = this.#channels.get(group);
    if (known !== undefined && known !== channels) this.#kept.add(group);
    this.#channels.set(group, channels);
  }
}
