import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Frame, FrameReader, frameHead } from './frames.js';
import type { DecodeMessage, DecodeRequest } from './messages.js';
import { channelDescriptor } from './serve-decoding.js';

export interface DecodeProcessEvents {
  readonly onFrame: (frame: Frame<DecodeMessage>) => void;
  /** `SIGSEGV`, `code 134`, or why it could not be started. Not called where `kill` ended it. */
  readonly onEnd: (how: string) => void;
}

/** Bytes that one answer may have: those of the largest image that anybody asks for at once. */
const longestAnswer = 2 ** 30;

/** One child process that decodes. It keeps this process alive only while it is held. */
export class DecodeProcess {
  readonly #child: ChildProcess;
  readonly #channel: Socket | undefined;
  readonly #ended: Promise<void>;
  #killed = false;

  constructor(file: URL, { onFrame, onEnd }: DecodeProcessEvents) {
    // V8 would let garbage of 48 MB pile up before it looks; with 3 it takes no longer, and a process 18 MB less.
    this.#child = spawn(process.execPath, ['--max-semi-space-size=1', fileURLToPath(file)], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      // glibc would give each thread a heap of its own, and keep what images freed in all of them.
      env: { MALLOC_ARENA_MAX: '2', ...process.env, NODE_OPTIONS: '' },
      windowsHide: true,
    });
    this.#channel = (this.#child.stdio[channelDescriptor] as Socket | null) ?? undefined;
    this.#ended = new Promise((resolve) => {
      const end = (how: string) => {
        resolve();
        if (this.#killed) return;
        this.#killed = true;
        onEnd(how);
      };
      this.#child.on('error', (error) => end(error.message));
      // Not `exit`: what it has written last may still be on the way.
      this.#child.on('close', (code, signal) => end(signal ?? `code ${code}`));
    });
    const reader = new FrameReader<DecodeMessage>(longestAnswer, (frame) => {
      if (!this.#killed) onFrame(frame);
    });
    this.#channel?.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch {
        // It no longer speaks our language: whatever overwrote its memory, nothing that it says counts.
        this.#child.kill('SIGKILL');
      }
    });
    // Writing to one that has just died; that it did is told by `close`.
    this.#channel?.on('error', () => {});
    this.release();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(request: DecodeRequest, bytes?: Uint8Array): void {
    this.#channel?.write(frameHead(request, bytes?.length));
    if (bytes !== undefined) this.#channel?.write(bytes);
  }

  hold(): void {
    this.#child.ref();
    this.#channel?.ref();
  }

  release(): void {
    this.#child.unref();
    this.#channel?.unref();
  }

  /** Ends it at once, whatever it is doing; settles when it is gone. */
  async kill(): Promise<void> {
    this.#killed = true;
    this.#child.ref();
    this.#child.kill('SIGKILL');
    this.#channel?.destroy();
    await this.#ended;
  }
}
