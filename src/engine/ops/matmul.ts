import { shapeMismatch } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';
import { sum } from './sum.js';

export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Added to every row: float32 [columns of the result]. */
  readonly bias?: Tensor;
}

interface MatmulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const operation: Operation<MatmulAttributes> = {
  name: 'matmul',
  infer(inputs, { transposeA, transposeB }) {
    const [a, b, bias] = inputs as [Tensor, Tensor, Tensor | undefined];
    if (inputs.some((x) => x.dtype !== 'float32') || a.rank !== 2 || b.rank !== 2) {
      throw shapeMismatch('matmul', 'two float32 matrices', inputs, 'reshape or cast them');
    }
    const [rows, inner] = transposeA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
    const [innerB, columns] = transposeB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
    const how = `matmul${transposeA ? ' with A transposed' : ''}${transposeB ? ' with B transposed' : ''}`;
    if (inner !== innerB)
      throw shapeMismatch(how, 'equal inner axes', inputs, 'transpose one or check the layer widths');
    if (bias && (bias.rank !== 1 || bias.shape[0] !== columns)) {
      throw shapeMismatch(how, `a bias of length ${columns}`, inputs, 'give one number per column');
    }
    return [{ dtype: 'float32', shape: [rows, columns] }];
  },
  emit({ add, inputs, outputs, target, attributes: { transposeA, transposeB } }) {
    const how = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
    // With A transposed, FusedMatMul takes two thirds of the time of Gemm; otherwise they are alike.
    const fused = target === 'training' && transposeA && inputs.length === 2;
    add(fused ? 'FusedMatMul' : 'Gemm', inputs, how, outputs);
  },
  gradient({ inputs, attributes: { transposeA, transposeB }, outputGradient: g, wants }) {
    const [a, b] = inputs as [Tensor, Tensor];
    return [
      !wants(0)
        ? undefined
        : transposeA
          ? matmul(b, g, { transposeA: transposeB, transposeB: true })
          : matmul(g, b, { transposeB: !transposeB }),
      !wants(1)
        ? undefined
        : transposeB
          ? matmul(g, a, { transposeA: true, transposeB: transposeA })
          : matmul(a, g, { transposeA: !transposeA }),
      ...(inputs.length === 3 ? [sum(g, { axes: [0] })] : []),
    ];
  },
};

/** Matrix product A·B (+ bias), either operand transposed if asked: float32 [m, k] · [k, n] → [m, n]. */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, bias } = options;
  return apply(operation, bias ? [a, b, bias] : [a, b], { transposeA, transposeB });
}
