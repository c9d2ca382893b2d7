import type { FileSource } from '../file-source.js';
import { IdSet } from './id-set.js';
import { stdinStream } from './stdin-stream.js';
import { textPieces } from './text-pieces.js';

/** More than any system takes as a path. */
const maxPathBytes = 64 * 1024;

/**
 * The image files that a stream names, a path in each line, or between NULs as `find -print0` writes them. The paths are
 * taken as they are, relative to the current directory; they may come as slowly as they like.
 */
export function pathListSource(stream: () => AsyncIterable<Uint8Array>): FileSource {
  return {
    name: '-',
    directory: '.',
    unseen: true,
    once: true,
    labelling: {
      expected: 'images with labels',
      fix: 'give a folder per class, or a manifest with the columns path and label',
    },
    async *list(onSkipped) {
      const seen = new IdSet();
      for await (const { number, text } of textPieces(stream(), {
        maxBytes: maxPathBytes,
        delimiter: 'either',
      })) {
        if (text === '') continue;
        const place = `stdin:${number}`;
        if (text === undefined)
          onSkipped({ path: place, reason: `a path of more than ${maxPathBytes} bytes` });
        else if (text.includes('\0')) onSkipped({ path: place, reason: 'a path with a NUL in it' });
        else if (!seen.add(text)) onSkipped({ path: place, reason: `${text}, which was listed before` });
        else yield { id: text, location: text };
      }
    },
  };
}

/** Paths from standard input. */
export function stdinSource(): FileSource {
  return pathListSource(() =>
    stdinStream("pipe them in: find photos -name '*.jpg' -print0 | imagekin search - ..."),
  );
}
