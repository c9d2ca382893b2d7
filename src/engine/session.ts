import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import type { Device } from '../core/device.js';
import { ImagekinError, messageOf } from '../core/errors.js';

export interface SessionOptions {
  /** Threads that one run may use. Default: all cores. */
  readonly threads?: number;
  /**
   * What runs the program; operations that it cannot run stay on the CPU. Default `cpu`. `webgpu` and `cuda` are untested:
   * they are passed to ONNX Runtime, whose npm package holds the first and, on Linux, downloads the second when installed.
   */
  readonly device?: Device;
  /**
   * Threads sleep when a run is over instead of waiting busily for the next one, which makes runs in a row slower but leaves
   * the cores to others. Default false.
   */
  readonly restsAtOnce?: boolean;
  /**
   * Threads sleep whenever they wait, within a run too: for small runs one by one, with other work beside them. Where cores are
   * busy, a thread that spins takes the time of the one that it waits for. Default false.
   */
  readonly neverSpins?: boolean;
  /** A folder for a profile of all runs, in ONNX Runtime's JSON (a Chrome trace). */
  readonly profileDirectory?: string;
}

/** Cores that programs use unless told otherwise. */
export function threadCount(): number {
  return availableParallelism();
}

// Before any session ONNX Runtime logs by this; what goes wrong is thrown as well.
ort.env.logLevel = 'fatal';

/** Version of ONNX Runtime. */
export const runtimeVersion = ort.env.versions.node ?? ort.env.versions.common;

/** Loads an ONNX file into ONNX Runtime, with its words as an error where it is refused. */
export async function createSession(
  onnx: Uint8Array,
  options: SessionOptions = {},
): Promise<ort.InferenceSession> {
  const { threads = threadCount(), device = 'cpu', profileDirectory } = options;
  try {
    return await ort.InferenceSession.create(onnx, {
      executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // A memory pattern takes one block for all values of a run, beside the arena that the first run has filled: the peak
      // of a training step was 1.7 GB with it and 0.9 without (32×32 images, batch of 256), at the same speed. Without the
      // arena it is a little less again, but a fifth of the time goes to the kernel's zeroing of pages.
      enableMemPattern: false,
      // Warnings about graphs that a user did not write help nobody, and errors are thrown as well.
      logSeverityLevel: 4,
      // Numbers near 0 would slow down steps that shrink them. The first session of a process sets this for the thread that makes it
      // as well, and so for those that Node starts from it to run programs.
      extra: { session: { set_denormal_as_zero: '1', ...waiting(options) } },
      ...(profileDirectory && {
        enableProfiling: true,
        profileFilePrefix: join(profileDirectory, profilePrefix),
      }),
    });
  } catch (cause) {
    throw device === 'cpu' ? refused(cause) : unavailable(device, cause);
  }
}

function waiting({ restsAtOnce, neverSpins }: SessionOptions): Readonly<Record<string, string>> {
  if (neverSpins) return { 'intra_op.allow_spinning': '0' };
  return restsAtOnce ? { force_spinning_stop: '1' } : {};
}

export const profilePrefix = 'profile';

/** The error for a file that ONNX Runtime or we cannot take. */
export function refused(cause: unknown): ImagekinError {
  return new ImagekinError('engine-failed', {
    where: 'engine',
    expected: 'a graph that ONNX Runtime accepts',
    got: messageOf(cause),
    fix: 'if the file is a model of yours, write it again; otherwise report this as a bug',
    cause,
  });
}

function unavailable(device: Device, cause: unknown): ImagekinError {
  return new ImagekinError('device-unavailable', {
    where: `device '${device}'`,
    expected: `an ONNX Runtime ${runtimeVersion} that runs the program there`,
    got: messageOf(cause),
    fix: `install its driver and libraries (${installation[device]}), or use the device 'cpu'`,
    cause,
  });
}

const installation: Readonly<Record<Device, string>> = {
  cpu: 'none',
  webgpu: 'a graphics driver with Vulkan, Metal or Direct3D 12',
  cuda: "CUDA 12 and cuDNN 9, and onnxruntime-node installed with its CUDA files: 'npm rebuild onnxruntime-node' without onnxruntime-node-install=skip",
};
