import { ImagekinError } from '../../core/errors.js';

/** Refuses vectors that are not one of `dimension` numbers for each id. */
export function checkRows(where: string, ids: Uint32Array, vectors: Float32Array, dimension: number): void {
  if (vectors.length !== ids.length * dimension)
    throw new ImagekinError('shape-mismatch', {
      where,
      expected: `${ids.length} vectors of ${dimension} numbers`,
      got: `${vectors.length} numbers`,
      fix: 'embed the images with the model of the collection',
    });
}

/** Refuses queries that an index of `dimension` cannot be asked, and a k that is no number of neighbours. */
export function checkQueries(queries: Float32Array, k: number, dimension: number): void {
  const where = 'search in an index';
  if (queries.length % dimension !== 0)
    throw new ImagekinError('shape-mismatch', {
      where,
      expected: `queries of ${dimension} numbers each`,
      got: `${queries.length} numbers`,
      fix: 'embed the queries with the model of the collection',
    });
  if (!Number.isInteger(k) || k < 1)
    throw new ImagekinError('wrong-usage', {
      where,
      expected: 'a whole number of neighbours from 1',
      got: `${k}`,
      fix: 'ask for one or more',
    });
  if (!queries.every(Number.isFinite))
    throw new ImagekinError('shape-mismatch', {
      where,
      expected: 'queries of finite numbers',
      got: 'one that is not',
      fix: 'look at what made them: an image cannot be embedded to such a vector',
    });
}
