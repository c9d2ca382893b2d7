import type { Skipped } from '../../core/progress.js';
import type { LabelledImages } from '../../data/labelled-images.js';
import { isListed, openListing } from '../../data/listing.js';
import type { OpenOptions } from '../../data/open-options.js';
import { openImages } from '../../data/source.js';
import { type ImageLocation, locationName } from '../../image/image-location.js';
import type { EntryFacts } from './embedding-journal.js';

/** An image to be embedded: a file, or one of those that a source holds in memory. */
export type InputImage = EntryFacts &
  ({ readonly location: ImageLocation } | { readonly images: LabelledImages; readonly index: number });

export interface InputOptions extends OpenOptions {
  readonly onSkipped: (skipped: Skipped) => void;
}

/** All images of some sources, one source behind the other. */
export async function* listInputs(
  sources: readonly string[],
  options: InputOptions,
): AsyncGenerator<InputImage> {
  for (const source of sources) {
    const images = isListed(source) ? listFiles(source, options) : listInMemory(source, options);
    // Two sources may call different images by one name.
    for await (const image of images) yield sources.length > 1 ? { ...image, source } : image;
  }
}

/** How many there are; `undefined` where that shows only when they are read. */
export async function countInputs(
  sources: readonly string[],
  options: OpenOptions,
): Promise<number | undefined> {
  if (sources.some((source) => source === '-' || !isListed(source))) return undefined;
  let count = 0;
  for await (const _ of listInputs(sources, { ...options, onSkipped: () => {} })) count++;
  return count;
}

async function* listFiles(source: string, options: InputOptions): AsyncGenerator<InputImage> {
  for await (const { id, location, label, metadata } of await openListing(source, options))
    yield {
      id,
      path: locationName(location),
      ...(label !== undefined && { label }),
      ...(metadata && { metadata }),
      location,
    };
}

async function* listInMemory(source: string, options: InputOptions): AsyncGenerator<InputImage> {
  const images = await openImages(source, { ...options, labels: 'optional' });
  for (const skipped of images.skipped) options.onSkipped(skipped);
  for (let index = 0; index < images.length; index++)
    yield { id: images.id(index), label: images.classNames[images.labels[index]!]!, images, index };
}
