import { onnxTensor } from '../onnx-model.js';
import { fileConstants, integersOf } from './file-tensor.js';
import { type FileInitializer, fileInitializer, type OnnxFile, renameInput } from './onnx-file.js';

/**
 * A model that was exported for one image with its reshapes made to take any number: where a constant shape begins with 1,
 * that axis is left open, or taken over from what is reshaped. Whether that is what the 1 meant is for the caller to find out.
 * @param prefix a beginning of names that the file has none of
 */
export function forAnyBatch(file: OnnxFile, prefix: string): OnnxFile {
  const constants = fileConstants(file);
  const added: FileInitializer[] = [];
  const nodes = file.nodes.map((node) => {
    const shape = node.opType === 'Reshape' ? node.inputs[1] : undefined;
    const constant = shape === undefined ? undefined : constants.get(shape);
    const values = constant && integersOf(constant);
    if (values === undefined || values.length < 2 || values[0] !== 1) return node;
    const name = `${prefix}shape_${added.length}`;
    const open = values.includes(-1) ? 0 : -1;
    added.push(fileInitializer(onnxTensor(name, 'int64', [values.length], [open, ...values.slice(1)])));
    return renameInput(node, shape!, name);
  });
  return { ...file, nodes, initializers: [...file.initializers, ...added] };
}
