import { execFile } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { Device } from '../../core/device.js';
import { packageVersion } from '../../core/package-version.js';
import { threadCount } from '../../engine/index.js';

/** What a sitting of a run ran on. */
export interface Environment {
  readonly startedAt: string;
  readonly imagekin: string;
  readonly node: string;
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly threads: number;
  readonly device: Device;
  /** Of the repository around the working directory; `null` where there is none. */
  readonly git: { readonly commit: string; readonly changed: boolean } | null;
}

export async function currentEnvironment({
  threads = threadCount(),
  device = 'cpu',
}: {
  readonly threads?: number;
  readonly device?: Device;
}): Promise<Environment> {
  return {
    startedAt: new Date().toISOString(),
    imagekin: packageVersion,
    node: process.version,
    os: `${process.platform} ${release()} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    threads,
    device,
    git: await gitState(),
  };
}

const run = promisify(execFile);

async function gitState(): Promise<Environment['git']> {
  try {
    const { stdout: commit } = await run('git', ['rev-parse', 'HEAD'], { timeout: 2_000 });
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--untracked-files=no'], {
      timeout: 2_000,
    });
    return { commit: commit.trim(), changed: changes.trim() !== '' };
  } catch {
    return null;
  }
}
