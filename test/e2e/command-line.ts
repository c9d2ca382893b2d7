import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** How a process ended, and all it said. */
export interface Ended {
  /** `null` where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until stderr has said this. */
  said(text: string): Promise<void>;
  /** All that it has said there by now. */
  stderr(): string;
}

/** The built command line in a directory of its own, for all tests of a file. Nothing of the machine's leaks in. */
export class CommandLine {
  readonly program = program;
  readonly directory = mkdtempSync(join(tmpdir(), 'imagekin-e2e-'));
  readonly env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv = {}) {
    this.env = { PATH: process.env.PATH, IMAGEKIN_HOME: this.path('home'), IMAGEKIN_TUNING: 'off', ...env };
    afterAll(() => rm(this.directory, { recursive: true, force: true }));
  }

  /** A path in its directory. Commands are run there, so that file names alone will do as arguments. */
  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  /** Runs a command to its end. */
  run(...args: string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  /** Runs a command that must succeed with nothing skipped, and reads the JSON document that it prints. */
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is for the test to say
  async json(...args: string[]): Promise<any> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  }

  start(...args: string[]): Running {
    const child = spawn(process.execPath, [program, ...args], { cwd: this.directory, env: this.env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
    const said = async (text: string) => {
      while (!stderr.includes(text)) {
        const { closed } = await Promise.race([
          once(child.stderr, 'data').then(() => ({ closed: false })),
          ended.then(() => ({ closed: true })),
        ]);
        if (closed && !stderr.includes(text)) throw new Error(`ended without saying "${text}": ${stderr}`);
      }
    };
    return { child, ended, said, stderr: () => stderr };
  }

  /** All files below its directory but for those of the home, relative to it. */
  async files(): Promise<string[]> {
    const entries = await readdir(this.directory, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.directory.length + 1))
      .filter((path) => !path.startsWith('home'))
      .sort();
  }
}

/** Exactly one line on stderr of the form that all our errors have. */
export const errorLine = /^[^\n]+: expected [^\n]+, got [^\n]+; [^\n]+\n$/;
