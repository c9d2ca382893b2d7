import { stdinStream } from '../../../data/listings/stdin-stream.js';
import { textPieces } from '../../../data/listings/text-pieces.js';

/** More than any system takes as a path. */
const maxBytes = 64 * 1024;

/** The lines of stdin that are not empty, each as soon as it is there. */
export async function* stdinQueries(signal: AbortSignal | undefined): AsyncGenerator<string> {
  const stream = stdinStream("pipe them in: printf 'id:12\\ncat.jpg\\n' | imagekin search photos.kin -");
  const stop = () => stream.destroy();
  signal?.addEventListener('abort', stop);
  try {
    // One that is too long is no file, and is told so by its place.
    for await (const { text, number } of textPieces(stream, { maxBytes, delimiter: 'either' }))
      if (text !== '') yield text ?? `stdin:${number}`;
    signal?.throwIfAborted();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    stream.destroy();
  }
}
