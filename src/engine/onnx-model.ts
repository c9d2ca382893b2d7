import protobuf from 'protobufjs';
import type { DataType, Shape } from './tensor-type.js';

/**
 * The part of the ONNX file format that imagekin writes and reads (onnx.proto, IR version 9), as plain objects.
 * Unknown fields of foreign files are skipped when reading.
 */
export interface OnnxModel {
  irVersion: number;
  producerName: string;
  producerVersion: string;
  graph: OnnxGraph;
  opsetImport: { domain: string; version: number }[];
  metadataProps: { key: string; value: string }[];
}

export interface OnnxGraph {
  name: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
}

export interface OnnxNode {
  name: string;
  opType: string;
  domain: string;
  input: readonly string[];
  output: readonly string[];
  attribute: OnnxAttribute[];
}

export interface OnnxTensor {
  name: string;
  dims: readonly number[];
  dataType: number;
  rawData: Uint8Array;
}

export interface OnnxValueInfo {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: OnnxDimension[] } } };
}

export interface OnnxDimension {
  dimValue?: number;
  dimParam?: string;
}

export interface OnnxAttribute {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  floats?: readonly number[];
  ints?: readonly number[];
}

/** Attributes of a node: integers as numbers, floats as `{ float }`. */
export type OnnxAttributes = Readonly<
  Record<string, number | string | readonly number[] | { readonly float: number }>
>;

/** Opset 20 is the first with `Gelu`; ONNX Runtime reads it since 1.17. */
export const opsetVersion = 20;
const irVersion = 9;

/** What ONNX calls the types of elements by. */
export const elementTypes: Readonly<Record<DataType, number>> = { float32: 1, uint8: 2, int64: 7, bool: 9 };

const { root } = protobuf.parse(
  `syntax = "proto3";
  message AttributeProto {
    string name = 1; float f = 2; int64 i = 3; bytes s = 4; TensorProto t = 5;
    repeated float floats = 7; repeated int64 ints = 8; repeated bytes strings = 9; int32 type = 20;
  }
  message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  message TensorShape { repeated Dimension dim = 1; }
  message TensorTypeProto { int32 elem_type = 1; TensorShape shape = 2; }
  message TypeProto { TensorTypeProto tensor_type = 1; }
  message ValueInfoProto { string name = 1; TypeProto type = 2; }
  message NodeProto {
    repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
    repeated AttributeProto attribute = 5; string domain = 7;
  }
  message GraphProto {
    repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
    repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
  }
  message Entry { string key = 1; string value = 2; }
  message OperatorSet { string domain = 1; int64 version = 2; }
  message ModelProto {
    int64 ir_version = 1; string producer_name = 2; string producer_version = 3; GraphProto graph = 7;
    repeated OperatorSet opset_import = 8; repeated Entry metadata_props = 14;
  }`,
);
const schema = root.lookupType('ModelProto');
const nodeSchema = root.lookupType('NodeProto');
const tensorSchema = root.lookupType('TensorProto');
const valueSchema = root.lookupType('ValueInfoProto');

export function encodeOnnx(model: OnnxModel): Uint8Array {
  return schema.encode(schema.fromObject(model)).finish();
}

export function encodeNode(node: OnnxNode): Uint8Array {
  return nodeSchema.encode(nodeSchema.fromObject(node)).finish();
}

export function encodeTensor(tensor: OnnxTensor): Uint8Array {
  return tensorSchema.encode(tensorSchema.fromObject(tensor)).finish();
}

export function encodeValueInfo(value: OnnxValueInfo): Uint8Array {
  return valueSchema.encode(valueSchema.fromObject(value)).finish();
}

/** Of values that are no tensors, as sequences are, only the name. */
export function decodeValueInfo(bytes: Uint8Array): OnnxValueInfo {
  return valueSchema.toObject(valueSchema.decode(bytes), { longs: Number, arrays: true }) as OnnxValueInfo;
}

/**
 * Metadata as bytes that may be put behind an ONNX file: two messages of protocol buffers in a row are one, with the
 * lists of both. The file before them stays as it is, byte for byte.
 */
export function encodeMetadata(metadata: Readonly<Record<string, string>>): Uint8Array {
  const metadataProps = Object.entries(metadata).map(([key, value]) => ({ key, value }));
  return schema.encode(schema.fromObject({ metadataProps })).finish();
}

/** Throws whatever protobufjs throws where the bytes are not a protocol-buffer message of this form. */
export function decodeOnnx(bytes: Uint8Array): OnnxModel {
  return schema.toObject(schema.decode(bytes), { longs: Number, defaults: true, arrays: true }) as OnnxModel;
}

export function onnxModel(
  graph: OnnxGraph,
  producerVersion: string,
  metadata: Readonly<Record<string, string>>,
): OnnxModel {
  return {
    irVersion,
    producerName: 'imagekin',
    producerVersion,
    graph,
    opsetImport: [
      { domain: '', version: opsetVersion },
      ...(graph.node.some((node) => node.domain === 'com.microsoft')
        ? [{ domain: 'com.microsoft', version: 1 }]
        : []),
    ],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  };
}

export function onnxAttribute(name: string, value: OnnxAttributes[string]): OnnxAttribute {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: value };
}

export function onnxValueInfo(name: string, dtype: DataType, shape: Shape): OnnxValueInfo {
  const dim = shape.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }));
  return { name, type: { tensorType: { elemType: elementTypes[dtype], shape: { dim } } } };
}

export function onnxTensor(
  name: string,
  dtype: DataType,
  dims: readonly number[],
  values: ArrayLike<number>,
): OnnxTensor {
  const array =
    dtype === 'float32'
      ? Float32Array.from(values)
      : dtype === 'int64'
        ? BigInt64Array.from(values as number[], BigInt)
        : Uint8Array.from(values);
  return { name, dims, dataType: elementTypes[dtype], rawData: new Uint8Array(array.buffer) };
}
