import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { CropRegion } from './crop-image.js';
import { defaultMaxBytes, defaultMaxPixels, defaultTimeoutMs } from './decode.js';
import type { DecodedImage } from './decoded-image.js';
import type { Size } from './image.js';
import { type ImageLocation, isSentImage, locationName, type SentImage } from './image-location.js';
import { decodeFor } from './pool/decode-for.js';
import { DecodeProcess } from './pool/decode-process.js';
import type { Frame } from './pool/frames.js';
import {
  type DecodeLimits,
  type DecodeMessage,
  type DecodeTarget,
  isSent,
  type SentName,
} from './pool/messages.js';
import { defaultResizeRule, type ResizeRule } from './resize-rule.js';
import { fileNotFound, Stopped, tookTooLong, undecodable } from './undecodable.js';

export type { DecodedImage, ImageFacts } from './decoded-image.js';

export interface DecodePoolOptions {
  /** Processes that decode, each two images at a time. Default: as many as there are cores, at most 8. */
  readonly processes?: number;
  /** Images of more pixels are refused before they are decoded. Default 100 million. */
  readonly maxPixels?: number;
  /** Files of more bytes are refused before they are read. Default 256 MiB. */
  readonly maxBytes?: number;
  /** A process that takes longer over an image is ended. Default 30 s. */
  readonly timeoutMs?: number;
}

interface Job {
  readonly id: number;
  readonly location: ImageLocation | SentName;
  /** Of an image that was sent. */
  readonly bytes?: Uint8Array;
  readonly as: DecodeTarget;
  readonly resolve: (image: DecodedImage) => void;
  readonly reject: (error: Error) => void;
  timer?: NodeJS.Timeout;
  deadline?: number;
}

/** A place for one process, which is started when the first image comes and again when it died. */
interface Slot {
  process?: DecodeProcess;
  ready: boolean;
  readonly jobs: Map<number, Job>;
  /** It decodes this one alone, to find out whether that one kills it. */
  alone?: Job;
  /** It hears nothing until this one is done. */
  blocked?: Job;
}

const jobsPerProcess = 2;
const mostProcesses = 8;
/** Where libvips can be stopped at the limit it stops by itself, which costs no process. */
const graceMs = 250;
const childFile = new URL('./pool/decode-child.js', import.meta.url);

/**
 * Decodes in child processes, so that a file on which a decoder hangs or dies costs that file and nothing else: the
 * process is ended and replaced, and what it had in hand besides is decoded by another. Processes are started when
 * needed, do not keep this one alive, and end with it.
 *
 * Code that has not been compiled cannot be started as a process, and some places allow none; there this process decodes.
 */
export class DecodePool {
  readonly #limits: DecodeLimits;
  readonly #childFile: URL;
  readonly #slots: Slot[];
  readonly #queue: Job[] = [];
  /** Those that were in a process when it died. */
  readonly #suspects: Job[] = [];
  readonly #dying = new Set<Promise<void>>();
  #nextId = 0;
  #failedStarts = 0;
  #inThisProcess: boolean;
  #runningHere = 0;
  #closed = false;

  /** @param child the program of the processes; another one only in tests */
  constructor(
    {
      processes = Math.min(availableParallelism(), mostProcesses),
      maxPixels = defaultMaxPixels,
      maxBytes = defaultMaxBytes,
      timeoutMs = defaultTimeoutMs,
    }: DecodePoolOptions = {},
    child: URL = childFile,
  ) {
    this.#limits = { maxPixels, maxBytes, timeoutMs };
    this.#childFile = child;
    this.#inThisProcess = !existsSync(child);
    this.#slots = Array.from({ length: Math.max(1, processes) }, () => ({ ready: false, jobs: new Map() }));
  }

  /** How many images it decodes at a time: asking for as many keeps it busy. */
  get atOnce(): number {
    return this.#slots.length * jobsPerProcess;
  }

  /** Process ids of those that run, for looking at what they take. */
  get pids(): number[] {
    return this.#slots.flatMap(({ process }) => process?.pid ?? []);
  }

  /**
   * An image, brought to a size by a rule, with what there is to know of its file.
   * @param options.preview whether a thumbnail and a print are wanted as well
   * @param options.crop only this part of it
   * @throws ImagekinError `image-undecodable` with the reason, or `file-not-found`
   */
  decode(
    image: ImageLocation | SentImage,
    size: Size,
    rule: ResizeRule = defaultResizeRule,
    { preview = false, crop }: { readonly preview?: boolean; readonly crop?: CropRegion } = {},
  ): Promise<DecodedImage> {
    return this.#enqueue(image, { kind: 'pixels', size, rule, preview, crop });
  }

  /** The picture as a WebP file of at most so many pixels across. @throws as `decode` */
  async webp(image: ImageLocation | SentImage, widthPx: number): Promise<Uint8Array> {
    return (await this.#enqueue(image, { kind: 'webp', widthPx })).pixels;
  }

  #enqueue(image: ImageLocation | SentImage, as: DecodeTarget): Promise<DecodedImage> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(closedError());
        return;
      }
      const what = isSentImage(image)
        ? { location: { sent: image.name }, bytes: image.bytes }
        : { location: image };
      this.#queue.push({ id: this.#nextId++, ...what, as, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends all processes. What was not decoded yet is rejected as aborted. */
  async close(): Promise<void> {
    this.#closed = true;
    const open = [...this.#queue.splice(0), ...this.#suspects.splice(0)];
    for (const slot of this.#slots) {
      open.push(...this.#takeAll(slot));
      this.#end(slot);
    }
    for (const job of open) job.reject(closedError());
    await Promise.all(this.#dying);
  }

  #dispatch(): void {
    if (this.#inThisProcess) {
      this.#decodeHere();
      return;
    }
    for (let slot = this.#idleSlot(); slot && this.#suspects.length > 0; slot = this.#idleSlot()) {
      slot.alone = this.#suspects.shift()!;
      this.#give(slot, slot.alone);
    }
    for (let slot = this.#freeSlot(); slot && this.#queue.length > 0; slot = this.#freeSlot())
      this.#give(slot, this.#queue.shift()!);
  }

  #idleSlot(): Slot | undefined {
    return this.#slots.find(({ jobs }) => jobs.size === 0);
  }

  /** The one with the least to do, among those that run already. */
  #freeSlot(): Slot | undefined {
    // A suspect waits for a process of its own.
    if (this.#suspects.length > 0) return undefined;
    let best: Slot | undefined;
    for (const slot of this.#slots) {
      if (slot.alone !== undefined || slot.jobs.size >= jobsPerProcess) continue;
      const load = (of: Slot) => of.jobs.size + (of.process === undefined ? 0.5 : 0);
      if (best === undefined || load(slot) < load(best)) best = slot;
    }
    return best;
  }

  #give(slot: Slot, job: Job): void {
    slot.jobs.set(job.id, job);
    slot.process ??= this.#start(slot);
    slot.process.hold();
    const { id, location, bytes, as } = job;
    slot.process.send({ id, location, as, limits: this.#limits }, bytes);
    if (slot.ready) this.#setTimer(slot, job);
  }

  #start(slot: Slot): DecodeProcess {
    slot.ready = false;
    return new DecodeProcess(this.#childFile, {
      onFrame: (frame) => this.#hear(slot, frame),
      onEnd: (how) => this.#bury(slot, how),
    });
  }

  #setTimer(slot: Slot, job: Job, ms = this.#limits.timeoutMs + graceMs): void {
    clearTimeout(job.timer);
    job.deadline = performance.now() + ms;
    job.timer = setTimeout(() => this.#expire(slot, job), ms);
  }

  #hear(slot: Slot, { message, bytes }: Frame<DecodeMessage>): void {
    if (message.kind === 'ready') {
      slot.ready = true;
      this.#failedStarts = 0;
      // Time for starting is not the image's.
      for (const job of slot.jobs.values()) this.#setTimer(slot, job);
      return;
    }
    const job = slot.jobs.get(message.id);
    if (job === undefined) return;
    if (message.kind === 'blocked') {
      slot.blocked = job;
      return;
    }
    this.#done(slot, job);
    if (message.kind === 'bug') job.reject(new Error(`decoding ${nameOf(job)}: ${message.stack}`));
    else if (message.kind === 'decoded') job.resolve(decodedOf(message, bytes));
    else if (message.code === 'file-not-found') job.reject(fileNotFound(nameOf(job)));
    else this.#fail(job, message.reason, message.passing);
    this.#dispatch();
  }

  #done(slot: Slot, job: Job): void {
    clearTimeout(job.timer);
    slot.jobs.delete(job.id);
    slot.alone = undefined;
    if (slot.jobs.size === 0) slot.process?.release();
    if (slot.blocked !== job) return;
    slot.blocked = undefined;
    // They stood behind it, and begin only now.
    for (const other of slot.jobs.values()) this.#setTimer(slot, other);
  }

  #expire(slot: Slot, job: Job): void {
    const { blocked } = slot;
    if (blocked !== undefined && blocked !== job) {
      this.#setTimer(slot, job, Math.max(0, blocked.deadline! - performance.now()) + graceMs);
      return;
    }
    slot.jobs.delete(job.id);
    this.#queue.unshift(...this.#takeAll(slot));
    this.#end(slot);
    this.#fail(job, tookTooLong(this.#limits.timeoutMs), true);
    this.#dispatch();
  }

  /** A process has died by itself. */
  #bury(slot: Slot, how: string): void {
    const { ready } = slot;
    const jobs = this.#takeAll(slot);
    slot.process = undefined;
    if (!ready) {
      // No image is to blame: it had not looked at any.
      this.#queue.unshift(...jobs);
      if (++this.#failedStarts > this.#slots.length) this.#inThisProcess = true;
    } else if (jobs.length === 1) this.#fail(jobs[0]!, `the decoder ended with ${how}`, true);
    else this.#suspects.push(...jobs);
    this.#dispatch();
  }

  #takeAll(slot: Slot): Job[] {
    const jobs = [...slot.jobs.values()];
    for (const job of jobs) clearTimeout(job.timer);
    slot.jobs.clear();
    slot.alone = undefined;
    slot.blocked = undefined;
    return jobs;
  }

  #end(slot: Slot): void {
    const dying = slot.process?.kill();
    slot.process = undefined;
    if (dying === undefined) return;
    this.#dying.add(dying);
    void dying.then(() => this.#dying.delete(dying));
  }

  #fail(job: Job, reason: string, passing: boolean): void {
    const cause = passing ? new Stopped(reason) : new Error(reason);
    job.reject(undecodable(nameOf(job), reason, this.#limits.maxPixels, cause));
  }

  #decodeHere(): void {
    const most = this.#slots.length * jobsPerProcess;
    while (this.#runningHere < most) {
      const job = this.#suspects.shift() ?? this.#queue.shift();
      if (job === undefined) return;
      this.#runningHere++;
      decodeFor({ location: job.location, as: job.as, limits: this.#limits }, undefined, job.bytes)
        .then(job.resolve, job.reject)
        .finally(() => {
          this.#runningHere--;
          this.#dispatch();
        });
    }
  }
}

function nameOf({ location }: Pick<Job, 'location'>): string {
  return isSent(location) ? location.sent : locationName(location);
}

function decodedOf(
  { facts, preview }: Extract<DecodeMessage, { kind: 'decoded' }>,
  bytes: Uint8Array,
): DecodedImage {
  if (preview === undefined) return { pixels: bytes, facts, isTransferable: true };
  const print = bytes.length - preview.printBytes;
  const thumbnail = print - preview.thumbnailBytes;
  return {
    pixels: bytes.subarray(0, thumbnail),
    facts,
    // In memory of their own: the pixels are done with long before them.
    preview: { thumbnail: bytes.slice(thumbnail, print), print: bytes.slice(print), exif: preview.exif },
  };
}

function closedError(): Error {
  return Object.assign(new Error('the decode pool was closed'), { name: 'AbortError' });
}
