import { onnxTensor } from '../onnx-model.js';
import { type ChannelGroups, channelGroups } from './channel-groups.js';
import { type FileConstant, fileConstants, floatsOf } from './file-tensor.js';
import {
  type FileInitializer,
  type FileNode,
  fileInitializer,
  type OnnxFile,
  rewireNode,
} from './onnx-file.js';

/**
 * Gives feature maps more channels, which hold nothing and which nothing reads: convolutions are compiled for multiples of some
 * number of channels. The outputs stay the same, but for the order in which sums are rounded.
 * @param widen how many channels a map of so many is to have
 * @param prefix a beginning of names that the file has none of
 * @returns the file itself where there is nothing to widen
 */
export function widenChannels(file: OnnxFile, widen: (channels: number) => number, prefix: string): OnnxFile {
  return new Widening(file, widen, prefix).apply();
}

class Widening {
  readonly #groups: ChannelGroups;
  readonly #constants: ReadonlyMap<string, FileConstant>;
  readonly #added: FileInitializer[] = [];

  constructor(
    private readonly file: OnnxFile,
    private readonly widen: (channels: number) => number,
    private readonly prefix: string,
  ) {
    this.#groups = channelGroups(file);
    this.#constants = fileConstants(file);
  }

  apply(): OnnxFile {
    const nodes = this.file.nodes.map((node) => this.#widened(node));
    if (this.#added.length === 0) return this.file;
    const used = new Set(nodes.flatMap(({ inputs, captured }) => [...inputs, ...captured]));
    for (const { name } of this.file.outputs) used.add(name);
    const left = this.file.initializers.filter(({ name }) => used.has(name));
    return { ...this.file, nodes, initializers: [...left, ...this.#added] };
  }

  #widened(node: FileNode): FileNode {
    const role = this.#groups.roleOf(node);
    const [from, to] = [this.#target(node.inputs[0]!), this.#target(node.outputs[0]!)];
    if (role === undefined || (from === undefined && to === undefined)) return node;
    const inputs = [...node.inputs];
    const grow = (input: number, lengths: Readonly<Record<number, number | undefined>>, fill = 0) => {
      if (inputs[input]) inputs[input] = this.#grown(inputs[input], lengths, fill);
    };
    switch (role.kind) {
      case 'convolution':
        grow(1, { 0: to, 1: from });
        if (to !== undefined) grow(2, { 0: to });
        break;
      case 'depthwise':
        grow(1, { 0: to });
        grow(2, { 0: to });
        return rewireNode(node, inputs, { group: to! });
      case 'batch-norm':
        for (const input of [1, 2, 3]) grow(input, { 0: to });
        // The variance, which is divided by.
        grow(4, { 0: to }, 1);
        break;
      case 'channelwise':
        for (const { input, axis } of role.constants)
          grow(input, { [axis]: to }, node.opType === 'Div' ? 1 : 0);
        if (role.constants.length === 0) return node;
    }
    return rewireNode(node, inputs);
  }

  /** How many channels a map is to have; `undefined` where it keeps those that it has. */
  #target(value: string): number | undefined {
    const channels = this.#groups.channelsOf(value);
    if (channels === undefined) return undefined;
    const wanted = this.widen(channels);
    return wanted > channels ? wanted : undefined;
  }

  /** A constant with some axes made longer. */
  #grown(name: string, lengths: Readonly<Record<number, number | undefined>>, fill: number): string {
    const constant = this.#constants.get(name)!;
    const dims = constant.dims.map((length, axis) => lengths[axis] ?? length);
    const grown = `${this.prefix}${this.#added.length}`;
    const values = padded(floatsOf(constant)!, constant.dims, dims, fill);
    this.#added.push(fileInitializer(onnxTensor(grown, 'float32', dims, values)));
    return grown;
  }
}

/** Values in row-major order, with axes made longer at their ends. */
function padded(
  values: Float32Array,
  dims: readonly number[],
  to: readonly number[],
  fill: number,
): Float32Array {
  const result = new Float32Array(to.reduce((product, length) => product * length, 1)).fill(fill);
  // From here on, what is copied lies in a row.
  const unchanged = dims.findLastIndex((length, axis) => length !== to[axis]) + 1;
  const copy = (axis: number, source: number, target: number, size: number, room: number): void => {
    if (axis === unchanged) {
      result.set(values.subarray(source, source + size), target);
      return;
    }
    const [step, stride] = [size / dims[axis]!, room / to[axis]!];
    for (let i = 0; i < dims[axis]!; i++)
      copy(axis + 1, source + i * step, target + i * stride, step, stride);
  };
  copy(0, 0, 0, values.length, result.length);
  return result;
}
