import type { OnnxFile } from './onnx-file.js';

/** The file with only what the named values need: of a model with two towers, one. Its outputs are left as they are. */
export function keepNeeded(file: OnnxFile, wanted: readonly string[]): OnnxFile {
  const producers = new Map(file.nodes.flatMap((node) => node.outputs.map((output) => [output, node])));
  const needed = new Set<string>();
  const nodes = new Set<OnnxFile['nodes'][number]>();
  const open = [...wanted];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === '' || needed.has(name)) continue;
    needed.add(name);
    const node = producers.get(name);
    if (node === undefined || nodes.has(node)) continue;
    nodes.add(node);
    open.push(...node.inputs, ...node.captured);
  }
  return {
    ...file,
    nodes: file.nodes.filter((node) => nodes.has(node)),
    initializers: file.initializers.filter(({ name }) => needed.has(name)),
    inputs: file.inputs.filter(({ name }) => needed.has(name)),
  };
}
