/**
 * How one vector per image is made of what a model puts out:
 * - `pooled`: it is one already, [N, D] (or [N, D, 1, 1]);
 * - `cls`: the first of its tokens, of [N, T, D];
 * - `mean`: the mean of its tokens, of [N, T, D];
 * - `map-mean`: the mean over the positions of its feature map, of [N, C, h, w] or [N, h, w, C].
 */
export type Pooling = 'pooled' | 'cls' | 'mean' | 'map-mean';

export const poolings: readonly Pooling[] = ['pooled', 'cls', 'mean', 'map-mean'];
