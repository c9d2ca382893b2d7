import { type OnnxAttributes, type OnnxTensor, onnxAttribute, onnxTensor } from '../onnx-model.js';
import {
  type FileInitializer,
  type FileNode,
  fileInitializer,
  fileNode,
  type OnnxFile,
} from './onnx-file.js';

/** Element types of tensors by their numbers in ONNX. */
export const elementType = { float32: 1, uint8: 2, int64: 7, float16: 10, float64: 11 } as const;

/**
 * Writes nodes around a foreign graph, in the version of standard ONNX that it is in: a file has one for all of its nodes.
 * The names of what is written begin with a prefix that no name of that graph begins with.
 */
export class PortableNodes {
  readonly nodes: FileNode[] = [];
  readonly initializers: FileInitializer[] = [];
  private counter = 0;

  constructor(
    private readonly prefix: string,
    private readonly opset: number,
  ) {}

  /** @param output its name; default a new one */
  add(type: string, inputs: readonly string[], attributes: OnnxAttributes = {}, output?: string): string {
    const name = this.fresh(type);
    const result = output ?? name;
    this.nodes.push(
      fileNode({
        name,
        opType: type,
        domain: '',
        input: inputs,
        output: [result],
        attribute: Object.entries(attributes).map(([key, value]) => onnxAttribute(key, value)),
      }),
    );
    return result;
  }

  constant(dtype: 'float32' | 'int64', shape: readonly number[], values: readonly number[]): string {
    const written: OnnxTensor = onnxTensor(this.fresh('constant'), dtype, shape, values);
    this.initializers.push(fileInitializer(written));
    return written.name;
  }

  /** Axes of reductions became an input in version 18. */
  reduce(type: 'ReduceMean' | 'ReduceSumSquare', x: string, axes: readonly number[], keep: boolean): string {
    const keepdims = keep ? 1 : 0;
    return this.opset >= 18
      ? this.add(type, [x, this.constant('int64', [axes.length], axes)], { keepdims })
      : this.add(type, [x], { axes, keepdims });
  }

  /** From an index on, along an axis. What is cut where became an input in version 10. */
  from(x: string, axis: number, first: number): string {
    // The last element of any axis, as the specification has it.
    const end = 2 ** 31 - 1;
    if (this.opset < 10) return this.add('Slice', [x], { axes: [axis], starts: [first], ends: [end] });
    return this.add('Slice', [x, ...[first, end, axis].map((value) => this.constant('int64', [1], [value]))]);
  }

  private fresh(stem: string): string {
    return `${this.prefix}${stem}_${this.counter++}`;
  }
}

/** A beginning that no name in these files has. */
export function freePrefix(files: readonly OnnxFile[], wish: string): string {
  const names = files.flatMap((file) => [
    ...file.inputs.map(({ name }) => name),
    ...file.initializers.map(({ name }) => name),
    ...file.nodes.flatMap(({ outputs, captured }) => [...outputs, ...captured]),
  ]);
  let prefix = `${wish}/`;
  while (names.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
  return prefix;
}
