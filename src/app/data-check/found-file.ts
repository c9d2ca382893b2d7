import type { ListedImage } from '../../data/listed-image.js';
import { locationName } from '../../image/image-location.js';
import type { FoundFile } from './findings.js';

export function foundFile({ location, label, split }: ListedImage): FoundFile {
  return { path: locationName(location), label: label ?? null, split: split ?? null };
}
