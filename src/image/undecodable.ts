import { ImagekinError, messageOf } from '../core/errors.js';
import { formatList } from './image-format.js';

/** An image that cannot be decoded, with a reason of a few words. */
export function undecodable(
  where: string,
  reason: string,
  maxPixels: number,
  cause: unknown = new Error(reason),
): ImagekinError {
  return new ImagekinError('image-undecodable', {
    where,
    expected: `a ${formatList} image of at most ${maxPixels / 1e6} megapixels`,
    got: `"${reason}"`,
    fix: 'repair, convert or remove it',
    cause,
  });
}

/** Why an image was not decoded that another time may be: its decoder was stopped or died, or the system refused. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Whether an image may decode another time, as nothing was found in its bytes that speaks against it. */
export function isPassing({ cause }: ImagekinError): boolean {
  return cause instanceof Stopped || /^E[A-Z]+$/.test(String((cause as NodeJS.ErrnoException)?.code));
}

export function fileNotFound(where: string, cause?: unknown): ImagekinError {
  return new ImagekinError('file-not-found', {
    where,
    expected: 'an image file',
    got: 'no such file',
    fix: 'check the path',
    cause,
  });
}

/** Of an `image-undecodable`, what was quoted in it; of anything else, its text. */
export function reasonOf(error: unknown): string {
  const [, quoted] = (error instanceof ImagekinError && /, got "(.*)"; /s.exec(error.message)) || [];
  return quoted ?? shortReason(error);
}

const longestReason = 160;

/**
 * What a decoder says, in a few words: libvips hands on all that its loaders said, line by line, under names such as
 * `VipsJpeg: ` that mean nothing to the owner of a file.
 */
export function shortReason(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const [first = ''] = text
    .split('\n')
    .map((line) => line.replace(/^(Input (buffer|file) has corrupt header: )?([\w.]+: )*/, '').trim())
    .filter((line) => line !== '');
  const line = messageOf(first === '' ? text : first);
  if (line === '') return 'it does not decode';
  // Some decoders of libvips give up without a word.
  if (line === 'Unknown error') return 'the decoder gave up: damaged or cut off';
  return line.length > longestReason ? `${line.slice(0, longestReason - 1)}…` : line;
}

/** What is said of an image whose time ran out, whoever stopped it. */
export function tookTooLong(timeoutMs: number): string {
  return `took longer than ${timeoutMs / 1000} s`;
}
