import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { imagekinHome } from '../core/home.js';
import { findCifar10 } from '../data/cifar10.js';
import { cifar10Directory } from '../data/cifar10-archive.js';
import { archiveExtensions } from '../data/listings/archive-source.js';
import { manifestExtensions } from '../data/listings/manifest-source.js';
import type { OpenOptions } from '../data/open-options.js';

/** A source that is known by name. */
export interface ListedSource {
  readonly name: string;
  readonly summary: string;
  /** Whether it can be read as it is. */
  readonly here: boolean;
  /** Where it lies, or would lie once used. */
  readonly path: string;
  /** What happens when it is used and not here. */
  readonly otherwise: string;
}

/**
 * The sources that need no path.
 * @throws `source-missing` where `dataDir` names a place without CIFAR-10
 */
export function listSources({ dataDir, home = imagekinHome() }: OpenOptions = {}): ListedSource[] {
  const cifar10 = findCifar10({ dataDir, home });
  const emoji = join(home, 'emoji');
  return [
    {
      name: 'cifar10',
      summary: '60,000 photographs of 10 classes, 32×32',
      here: cifar10 !== undefined,
      path: cifar10 ?? join(home, 'cifar10', cifar10Directory),
      otherwise: 'downloaded when first used (170 MB)',
    },
    {
      name: 'emoji',
      summary: '1,594 emoji as four artists drew them, 64×64',
      here: existsSync(emoji),
      path: emoji,
      otherwise: 'drawn when first used (10 s)',
    },
  ];
}

/** A form that a source of the user's own may have. */
export interface SourceForm {
  /** As it is typed, with a placeholder for the name. */
  readonly form: string;
  readonly summary: string;
  /** Whether it can be listed without a look at the images (`openListing`). */
  readonly listed: boolean;
}

/** Every form of sources that are given by a path. */
export const sourceForms: readonly SourceForm[] = [
  { form: '<folder>', summary: 'one folder of images per class, train/ beside test/ or val/', listed: true },
  { form: '<manifest>', summary: `${manifestExtensions.join(', ')} with a column path`, listed: true },
  { form: '<archive>', summary: `${archiveExtensions.join(', ')}, read where it lies`, listed: true },
  { form: '<pattern>', summary: "image files, as 'photos/**/*.jpg'", listed: true },
  { form: '-', summary: 'paths on stdin, by lines or NULs', listed: true },
  { form: '<image>', summary: 'one image file', listed: true },
  { form: '<idx>', summary: 'MNIST and its like: a folder, or an images file', listed: false },
];
