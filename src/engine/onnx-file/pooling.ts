import { ImagekinError } from '../../core/errors.js';
import type { ImageLayout } from './backbone-form.js';
import { type Pooling, poolings } from './pooling-names.js';
import type { PortableNodes } from './portable-nodes.js';

const ranks: Readonly<Record<Pooling, readonly number[]>> = {
  pooled: [2, 4],
  cls: [3],
  mean: [3],
  'map-mean': [4],
};

export interface PoolingPlan {
  readonly pooling: Pooling;
  /** Of feature maps, the axis of the channels. */
  readonly channelAxis: number;
  /** Length of the vectors. */
  readonly dimension: number;
}

/**
 * Plans how vectors are made of a value.
 * @param shape lengths of its axes, but for the first, which counts images
 * @throws `backbone-unsuitable` where the pooling does not fit the shape, or nobody said which and it is not plain
 */
export function planPooling(
  shape: readonly number[],
  {
    wish,
    layout,
    where,
    output,
  }: {
    readonly wish: Pooling | undefined;
    readonly layout: ImageLayout;
    readonly where: string;
    readonly output: string;
  },
): PoolingPlan {
  const pooling = wish ?? naturalPooling(shape);
  const shown = `'${output}' [N, ${shape.slice(1).join(', ')}]`;
  if (pooling === undefined || !ranks[pooling].includes(shape.length))
    throw new ImagekinError('backbone-unsuitable', {
      where,
      expected: pooling === undefined ? 'a value of a kind that is plain' : `a value that '${pooling}' fits`,
      got: shown,
      fix: `choose with --pooling (${poolings.filter((each) => ranks[each].includes(shape.length)).join(', ') || 'none fits'}), or another value with --output`,
    });
  const channelAxis = shape.length === 4 ? channelAxisOf(shape, layout) : shape.length - 1;
  if (pooling === 'pooled' && shape.length === 4 && elements(shape) !== shape[channelAxis])
    throw new ImagekinError('backbone-unsuitable', {
      where,
      expected: 'one vector per image',
      got: shown,
      fix: 'pool it with --pooling map-mean',
    });
  return { pooling, channelAxis, dimension: shape[channelAxis]! };
}

/**
 * Tokens of a grid of patches are a square in number, with the CLS token one more, with four registers five more; the first
 * token is the CLS token where there is one.
 */
function naturalPooling(shape: readonly number[]): Pooling | undefined {
  if (shape.length === 2) return 'pooled';
  if (shape.length === 4) return 'map-mean';
  if (shape.length !== 3) return undefined;
  const tokens = shape[1]!;
  if (isSquare(tokens)) return 'mean';
  return isSquare(tokens - 1) || isSquare(tokens - 5) ? 'cls' : undefined;
}

function isSquare(n: number): boolean {
  return n > 0 && Number.isInteger(Math.sqrt(n));
}

function elements(shape: readonly number[]): number {
  return shape.slice(1).reduce((product, length) => product * length, 1);
}

/** Feature maps are nearly always square; where that tells nothing, they are laid out as the images are. */
function channelAxisOf([, a, b, c]: readonly number[], layout: ImageLayout): number {
  if (b === c && a !== b) return 1;
  if (a === b && b !== c) return 3;
  return layout === 'NCHW' ? 1 : 3;
}

/** Writes the pooling of a float32 value; gives the name of a value [N, D]. */
export function writePooling(
  nodes: PortableNodes,
  value: string,
  { pooling, channelAxis, dimension }: PoolingPlan,
  { rank, skipTokens }: { readonly rank: number; readonly skipTokens: number },
): string {
  switch (pooling) {
    case 'pooled':
      if (rank === 2) return value;
      return nodes.add('Reshape', [value, nodes.constant('int64', [2], [-1, dimension])]);
    case 'cls':
      return nodes.add('Gather', [value, nodes.constant('int64', [], [0])], { axis: 1 });
    case 'mean':
      return nodes.reduce(
        'ReduceMean',
        skipTokens > 0 ? nodes.from(value, 1, skipTokens) : value,
        [1],
        false,
      );
    case 'map-mean':
      return nodes.reduce('ReduceMean', value, channelAxis === 1 ? [2, 3] : [1, 2], false);
  }
}
