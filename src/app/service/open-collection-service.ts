import { existsSync } from 'node:fs';
import type { CollectionService } from './collection-service.js';
import type { MethodOptions } from './context.js';
import { type Lane, lanes, serviceMethods } from './methods.js';
import type { HostOptions, ServiceHost } from './service-host.js';
import type { Question } from './threads/lane-thread.js';
import { ThreadLane } from './threads/thread-lane.js';

export interface ServiceOptions extends HostOptions {
  /** Questions of a lane that may wait; more are refused. Default 256. */
  readonly waiting?: number;
  /** What takes longer is given up. Default 60 s. */
  readonly answerMs?: number;
  /** A thread that says nothing for so long is replaced. Default 30 s. */
  readonly silenceMs?: number;
  /** What the JavaScript of a thread may hold. Default: what Node.js gives. */
  readonly heapMiB?: number;
  /** Hears that a thread has ended or hangs, and why; another takes its place. */
  readonly onLost?: (lane: Lane, why: string) => void;
}

/** What methods of a lane do at a time: those of `write` would only wait for each other. */
const atOnce: Readonly<Record<Lane, number>> = { read: 8, search: 16, write: 1 };

const threadFile = new URL('./threads/service-thread.js', import.meta.url);

interface Answering {
  ask(question: Question, options: MethodOptions): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Serves a collection: each lane of methods in a thread of its own, which is started when the first of its questions comes.
 *
 * Code that has not been compiled cannot be started as a thread; it answers in this one.
 * @param file the program of the threads; another one only in tests
 * @throws `collection-missing`, `collection-damaged`, `collection-newer`
 */
export async function openCollectionService(
  name: string,
  directory: string,
  options: ServiceOptions = {},
  file: URL = threadFile,
): Promise<CollectionService> {
  const { waiting = 256, answerMs = 60_000, silenceMs = 30_000, heapMiB, onLost, ...hostOptions } = options;
  const local = existsSync(file) ? undefined : new LocalLane(await hostHere(name, directory, hostOptions));
  const threadLane = (lane: Lane) =>
    new ThreadLane({
      atOnce: atOnce[lane],
      waiting,
      answerMs,
      silenceMs,
      where: `collection ${name}`,
      file,
      data: { name, directory, options: hostOptions },
      heapMiB,
      onLost: (why) => onLost?.(lane, why),
    });
  const answering = new Map<Lane, Answering>(lanes.map((lane) => [lane, local ?? threadLane(lane)]));
  const service: CollectionService = {
    name,
    directory,
    async call(method, request, { signal } = {}) {
      const { lane } = serviceMethods[method];
      return (await answering.get(lane)!.ask({ method, request }, { signal })) as never;
    },
    close: async () => {
      await Promise.all([...answering.values()].map((one) => one.close()));
    },
  };
  try {
    // That it can be opened is better found out now than by the first who asks.
    await service.call('summary', {});
  } catch (error) {
    await service.close();
    throw error;
  }
  return service;
}

async function hostHere(...[name, directory, options]: ConstructorParameters<typeof ServiceHost>) {
  const { ServiceHost } = await import('./service-host.js');
  return new ServiceHost(name, directory, options);
}

/** Answers in this thread, as from another one. */
class LocalLane implements Answering {
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(private readonly host: ServiceHost) {}

  async ask({ method, request }: Question, { signal }: MethodOptions): Promise<unknown> {
    signal?.throwIfAborted();
    const answer = this.host.answer(method, structuredClone(request), signal ?? new AbortController().signal);
    this.#running.add(answer);
    try {
      return structuredClone(await answer);
    } finally {
      this.#running.delete(answer);
    }
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#running).then(() => this.host.close());
    return this.#closing;
  }
}
