import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { ImagekinError } from '../../core/errors.js';
import type { DecodedImage } from '../decoded-image.js';
import { isPassing, reasonOf } from '../undecodable.js';
import { type Frame, FrameReader, frameHead } from './frames.js';
import type { DecodeMessage, DecodeRequest } from './messages.js';

/** @param bytes of the image, where they were sent */
export type Decoder = (
  request: DecodeRequest,
  beforeBlocking: () => Promise<void>,
  bytes: Uint8Array,
) => Promise<DecodedImage>;

/** Bytes that one image may have. */
const longestImage = 2 ** 30;

/** The file descriptor over which a decoding process and its parent talk. */
export const channelDescriptor = 3;

/** Decodes what the parent asks for until the parent is gone. Never returns to anybody: the process is this. */
export function serveDecoding(decode: Decoder): void {
  const channel = new Socket({ fd: channelDescriptor, readable: true, writable: true });
  const say = (message: DecodeMessage, ...pieces: readonly Uint8Array[]): void => {
    channel.cork();
    channel.write(
      frameHead(
        message,
        pieces.reduce((sum, { length }) => sum + length, 0),
      ),
    );
    for (const piece of pieces) channel.write(piece);
    channel.uncork();
  };
  const flushed = (message: DecodeMessage) =>
    new Promise<void>((resolve) => {
      channel.write(frameHead(message), () => resolve());
    });

  const answer = async ({ message: request, bytes }: Frame<DecodeRequest>): Promise<void> => {
    const { id } = request;
    try {
      const beforeBlocking = async () => {
        await endWithParentEvenWhenBlocked();
        await flushed({ kind: 'blocked', id });
      };
      const { pixels, facts, preview } = await decode(request, beforeBlocking, bytes);
      if (preview === undefined) say({ kind: 'decoded', id, facts }, pixels);
      else {
        const { thumbnail, print, exif } = preview;
        const head = { thumbnailBytes: thumbnail.length, printBytes: print.length, exif };
        say({ kind: 'decoded', id, facts, preview: head }, pixels, thumbnail, print);
      }
    } catch (error) {
      if (error instanceof ImagekinError && isExpected(error.code))
        say({ kind: 'failed', id, code: error.code, passing: isPassing(error), reason: reasonOf(error) });
      else say({ kind: 'bug', id, stack: (error as Error).stack ?? String(error) });
    }
  };

  const reader = new FrameReader<DecodeRequest>(longestImage, (frame) => void answer(frame));
  channel.on('data', (chunk: Buffer) => reader.push(chunk));
  channel.on('end', endAtOnce);
  channel.on('error', endAtOnce);
  channel.on('close', endAtOnce);
  // Ctrl-C reaches every process of a terminal. The parent may want to finish what it began.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  say({ kind: 'ready' });
}

function isExpected(code: string): code is 'image-undecodable' | 'file-not-found' {
  return code === 'image-undecodable' || code === 'file-not-found';
}

/** An orderly exit would wait for decoders that still run, perhaps for ever. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

let watching: Promise<void> | undefined;

/** A thread that is blocked does not hear that the parent is gone; another one looks for it. */
function endWithParentEvenWhenBlocked(): Promise<void> {
  watching ??= new Promise((resolve) => {
    const watch = new Worker(
      `const parent = process.ppid;
       setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);
       require('node:worker_threads').parentPort.postMessage('watching');`,
      { eval: true },
    );
    watch.once('message', () => resolve());
    // Without one it is decoded all the same.
    watch.once('error', () => resolve());
    watch.unref();
  });
  return watching;
}
