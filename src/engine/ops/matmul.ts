import { broadcastShape, shapeMismatch } from '../shape.js';
import { apply, type Emission, type Operation, type Tensor } from '../tensor.js';
import { reshape } from './reshape.js';
import { sum, sumTo } from './sum.js';

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
    if (inputs.some((x) => x.dtype !== 'float32') || a.rank < 2 || b.rank < 2) {
      throw shapeMismatch('matmul', 'two float32 matrices', inputs, 'reshape or cast them');
    }
    const [rows, inner] = transposeA
      ? [a.shape.at(-1)!, a.shape.at(-2)!]
      : [a.shape.at(-2)!, a.shape.at(-1)!];
    const [innerB, columns] = transposeB
      ? [b.shape.at(-1)!, b.shape.at(-2)!]
      : [b.shape.at(-2)!, b.shape.at(-1)!];
    const how = `matmul${transposeA ? ' with A transposed' : ''}${transposeB ? ' with B transposed' : ''}`;
    if (inner !== innerB)
      throw shapeMismatch(how, 'equal inner axes', inputs, 'transpose one or check the layer widths');
    if (bias && (bias.rank !== 1 || bias.shape[0] !== columns)) {
      throw shapeMismatch(how, `a bias of length ${columns}`, inputs, 'give one number per column');
    }
    if (bias && (a.rank > 2 || b.rank > 2)) {
      throw shapeMismatch(how, 'a bias only with two plain matrices', inputs, 'add it to the product');
    }
    return [{ dtype: 'float32', shape: [...broadcastShape(how, stacks(a, b)), rows, columns] }];
  },
  emit(emission) {
    const { node, add, inputs, outputs, target, attributes } = emission;
    const { transposeA, transposeB } = attributes;
    if (node.inputs.some((x) => x.rank > 2)) {
      writeStacked(emission);
      return;
    }
    const how = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
    // With A transposed, FusedMatMul takes two thirds of the time of Gemm; otherwise they are alike.
    const fused = target === 'training' && transposeA && inputs.length === 2;
    add(fused ? 'FusedMatMul' : 'Gemm', inputs, how, outputs);
  },
  gradient({ inputs, attributes: { transposeA, transposeB }, outputGradient, wants }) {
    const [a, b, g] = [inputs[0]!, inputs[1]!, outputGradient].map(apart) as [Tensor, Tensor, Tensor];
    const gradientOfA = () =>
      transposeA
        ? matmul(b, g, { transposeA: transposeB, transposeB: true })
        : matmul(g, b, { transposeB: !transposeB });
    const gradientOfB = () =>
      transposeB
        ? matmul(g, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, g, { transposeA: !transposeA });
    return [
      wants(0) ? sumTo(together(gradientOfA()), inputs[0]!.shape) : undefined,
      wants(1) ? sumTo(together(gradientOfB()), inputs[1]!.shape) : undefined,
      ...(inputs.length === 3 ? [sum(outputGradient, { axes: [0] })] : []),
    ];
  },
};

/** Stacks of matrices in one more axis, which keeps the buffers of the backward pass apart from the others (ADR 0004). */
function apart(x: Tensor): Tensor {
  return x.rank > 2 ? reshape(x, [1, ...x.shape]) : x;
}

/** Undoes `apart`. */
function together(x: Tensor): Tensor {
  return x.rank > 2 ? reshape(x, x.shape.slice(1)) : x;
}

/** The axes before the matrices, as tensors of that shape would have them. */
function stacks(a: Tensor, b: Tensor): Tensor[] {
  return [a, b].map((x) => ({ ...x, shape: x.shape.slice(0, -2), rank: x.rank - 2 }));
}

function writeStacked({ node, add, inputs, outputs, target, attributes }: Emission<MatmulAttributes>): void {
  const { transposeA, transposeB } = attributes;
  if (!transposeA && !transposeB) {
    add('MatMul', inputs, {}, outputs);
  } else if (target === 'training') {
    const how = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
    add('FusedMatMul', inputs, how, outputs);
  } else {
    const operands = [transposeA, transposeB].map((transpose, i) => {
      if (!transpose) return inputs[i]!;
      const axes = node.inputs[i]!.shape.map((_, axis) => axis);
      return add('Transpose', [inputs[i]!], { perm: [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!] });
    });
    add('MatMul', operands, {}, outputs);
  }
}

/**
 * Matrix product A·B (+ bias), either operand transposed if asked: float32 [m, k] · [k, n] → [m, n]. Axes before the last
 * two stack matrices, and stretch as elementwise operations do: [s, m, k] · [k, n] → [s, m, n].
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, bias } = options;
  return apply(operation, bias ? [a, b, bias] : [a, b], { transposeA, transposeB });
}
