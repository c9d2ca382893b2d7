import { ImagekinError } from '../../core/errors.js';

/** Numbers of a tensor over all triples, at most: 1 GiB, of which a step holds several. */
const most = 2 ** 28;

/**
 * @param rows images of a batch
 * @param columns images that each is compared with
 * @throws `wrong-usage` where a tensor of [rows, columns, columns] would not fit a usual machine
 */
export function requireRoomForTriples(where: string, rows: number, columns: number): void {
  const numbers = rows * columns ** 2;
  if (numbers <= most) return;
  throw new ImagekinError('wrong-usage', {
    where,
    expected: `at most ${most} triples of an image and two that it is compared with`,
    got: `${numbers}: ${rows} images, each compared with ${columns}`,
    fix: 'take smaller batches, a smaller memory, or a loss of pairs such as contrastive or supCon',
  });
}
