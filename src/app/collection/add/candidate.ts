import { resolve } from 'node:path';
import type { ImagePlace, RecordMetadata } from '../../../collection/catalog/image-record.js';
import type { LabelledImages } from '../../../data/labelled-images.js';
import type { ListedImage } from '../../../data/listed-image.js';
import { type ImageLocation, locationName } from '../../../image/image-location.js';

/** An image as a source names it, which may be in the collection already. */
export interface Candidate extends ImagePlace {
  readonly name: string;
  readonly archived: string | null;
  /** What the source says of it; where it says nothing, what is known stays. */
  readonly label?: string;
  readonly split?: string;
  readonly metadata?: RecordMetadata;
  readonly from: ImageLocation | InMemoryImage;
}

/** An image that is no file. */
export interface InMemoryImage {
  readonly images: LabelledImages;
  readonly index: number;
}

export function isInMemory(from: Candidate['from']): from is InMemoryImage {
  return typeof from === 'object' && 'images' in from;
}

/** What messages call it. */
export function candidateName({ from, path, entry }: Candidate): string {
  return isInMemory(from) ? `${path}/${entry}` : locationName(from);
}

export function fileCandidate({ id, location, label, split, group, metadata }: ListedImage): Candidate {
  const about = { ...metadata, ...(group !== undefined && { group }) };
  const rest = {
    name: id,
    ...(label !== undefined && { label }),
    ...(split !== undefined && { split }),
    ...(Object.keys(about).length > 0 && { metadata: about }),
  };
  if (typeof location === 'string') {
    const path = resolve(location);
    return { path, entry: '', archived: null, from: path, ...rest };
  }
  const { archive, name, ...archived } = location;
  const path = resolve(archive);
  return {
    path,
    entry: name,
    archived: JSON.stringify(archived),
    from: { ...location, archive: path },
    ...rest,
  };
}

/** @param source what the images lie in: the source's name, or its folder */
export function inMemoryCandidate(source: string, images: LabelledImages, index: number): Candidate {
  const id = images.id(index);
  return {
    path: source,
    entry: id,
    name: id,
    archived: null,
    label: images.classNames[images.labels[index]!]!,
    from: { images, index },
  };
}
