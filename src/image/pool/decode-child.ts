/** The program of a decoding process. See `DecodePool`. */
import sharp from 'sharp';
import { decodeFor } from './decode-for.js';
import { serveDecoding } from './serve-decoding.js';

// Two images are decoded at a time and there are as many processes as cores: threads within an image only get in their way.
sharp.concurrency(1);
sharp.cache(false);

serveDecoding(decodeFor);
