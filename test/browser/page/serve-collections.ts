import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import type { Job, JobRequest } from '../../../src/api/index.js';
import {
  heldOut,
  type MadeCollection,
  testPictures,
  writePictures,
  writeSideBySide,
} from './made-collections.js';

const program = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

interface UnseenPicture {
  readonly label: string;
  readonly path: string;
}

/** What all tests of the page share: one server, and what it serves. */
export interface Served {
  /** As `http://127.0.0.1:12345`. */
  readonly url: string;
  /** Whether classes mean something to the model: else what only photographs can show is skipped. */
  readonly real: boolean;
  readonly root: string;
  /** Is only looked at, so that every test finds it as it was made. */
  readonly photos: MadeCollection;
  /** Is changed: each test takes images of its own, or puts back what it has changed. */
  readonly changes: MadeCollection;
  /** Pictures that are in no collection: of the first class of `photos`, of the last, and both side by side. */
  readonly unseen: {
    readonly first: UnseenPicture;
    readonly second: UnseenPicture;
    readonly sideBySide: { readonly path: string };
  };
}

declare module 'vitest' {
  interface ProvidedContext {
    served: Served;
  }
}

/** Makes the collections by the command line, serves them, and has the jobs made that the screens show. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const root = await mkdtemp(join(tmpdir(), 'imagekin-page-'));
  let server: Awaited<ReturnType<typeof serve>> | undefined;
  const teardown = async () => {
    await server?.stop();
    await rm(root, { recursive: true, force: true });
  };
  try {
    const { real, directory, model, modelFlags } = await testPictures(root);
    const photos = await writePictures(directory, root, 'photos', { classes: 10, perClass: real ? 40 : 16 });
    const changes = await writePictures(directory, root, 'changes', { classes: 4, perClass: 14 });
    const calibrated = join(root, 'calibrated.onnx');
    await run(root, 'calibrate', model, `${photos.pictures}:all`, '-o', calibrated, ...modelFlags);
    for (const each of [photos, changes]) {
      await run(root, 'add', each.directory, each.pictures, '--model', calibrated);
    }
    const unseenOf = async (label: string): Promise<UnseenPicture> => {
      const path = join(root, `unseen-${label}.jpg`);
      await copyFile(await heldOut(directory, label), path);
      return { label, path };
    };
    const unseen = {
      first: await unseenOf(photos.classes[0]!),
      second: await unseenOf(photos.classes.at(-1)!),
      sideBySide: { path: join(root, 'side-by-side.jpg') },
    };
    await writeSideBySide(unseen.first.path, unseen.second.path, unseen.sideBySide.path);

    server = await serve(root, [photos.directory, changes.directory]);
    for (const kind of ['duplicates', 'evaluate', 'map'] as const) {
      await job(server.url, 'photos', { kind });
      if (kind !== 'map') await job(server.url, 'changes', { kind });
    }
    provide('served', { url: server.url, real, root, photos, changes, unseen });
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

function environment(root: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, IMAGEKIN_HOME: join(root, 'home'), IMAGEKIN_TUNING: 'off' };
}

/** Runs a command; some skipped files are no failure. */
async function run(root: string, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { env: environment(root), stdio: 'pipe' });
  const said = collected(child);
  const [code] = await once(child, 'close');
  if (code !== 0 && code !== 3) throw new Error(`imagekin ${args[0]} ended with ${code}: ${said()}`);
}

function collected(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-100_000);
    });
  }
  return () => text;
}

/** Starts `imagekin serve` on a port that is free. */
export async function serve(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [program, 'serve', ...args, '--port', '0'], {
    env: { ...environment(root), ...env },
    stdio: 'pipe',
  });
  const said = collected(child);
  const ended = once(child, 'close');
  for (;;) {
    const [, url] = /serving \d+ collections? at (http:\/\/[^\s/]+)/.exec(said()) ?? [];
    if (url) {
      return {
        url,
        async stop() {
          child.kill('SIGTERM');
          await ended;
        },
      };
    }
    if (child.exitCode !== null) throw new Error(`imagekin serve ended: ${said()}`);
    await sleep(20);
  }
}

/** Has a job done, to its end. */
async function job(url: string, collection: string, request: JobRequest): Promise<void> {
  const answer = await fetch(`${url}/api/v1/collections/${collection}/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  let made = (await answer.json()) as Job;
  while (made.state === 'queued' || made.state === 'running') {
    await sleep(50);
    made = (await (await fetch(`${url}/api/v1/jobs/${made.id}`)).json()) as Job;
  }
  if (made.state !== 'done') throw new Error(`${request.kind} of ${collection}: ${JSON.stringify(made)}`);
}
