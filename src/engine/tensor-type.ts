/** Element types that graphs use; `int64` is the type of ONNX's indices. */
export type DataType = 'float32' | 'int64' | 'uint8' | 'bool';

/** Length of an axis: a number, or a name (`N`) where it is known only when the program runs. */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

export interface TensorType {
  readonly dtype: DataType;
  readonly shape: Shape;
}
