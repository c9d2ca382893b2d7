import { decodeToWebp, decodeWithFacts } from '../decode.js';
import type { DecodedImage } from '../decoded-image.js';
import { type DecodeRequest, isSent } from './messages.js';

/** Decodes as a request has it. @param bytes of the image, where they were sent */
export function decodeFor(
  { location, as, limits }: Pick<DecodeRequest, 'location' | 'as' | 'limits'>,
  beforeBlocking?: () => Promise<void>,
  bytes: Uint8Array = new Uint8Array(),
): Promise<DecodedImage> {
  const [input, options] = isSent(location)
    ? [bytes, { ...limits, name: location.sent }]
    : [location, limits];
  if (as.kind === 'webp') return decodeToWebp(input, as.widthPx, options, beforeBlocking);
  const { size, rule, preview, crop } = as;
  return decodeWithFacts(input, size, rule, { ...options, preview, crop }, beforeBlocking);
}
