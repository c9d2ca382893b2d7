/** The program of a decoding process. See `DecodePool`. */
import sharp from 'sharp';
import { decodeWithFacts } from '../decode.js';
import { serveDecoding } from './serve-decoding.js';

// Two images are decoded at a time and there are as many processes as cores: threads within an image only get in their way.
sharp.concurrency(1);
sharp.cache(false);

serveDecoding(({ location, size, rule, preview, limits }, beforeBlocking) =>
  decodeWithFacts(location, size, rule, { ...limits, preview }, beforeBlocking),
);
