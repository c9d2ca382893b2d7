import type { ErrorCode } from '../core/errors.js';

/** What the process ends with. Scripts rely on these. */
export const exitCodes = {
  done: 0,
  failed: 1,
  wrongUsage: 2,
  /** Done, but some inputs could not be used; they are listed. */
  someSkipped: 3,
  /** Stopped by Ctrl-C or SIGTERM: 128 + the number of SIGINT, as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const { failed, wrongUsage } = exitCodes;

export const exitCodeOf: Readonly<Record<ErrorCode, ExitCode>> = {
  'wrong-usage': wrongUsage,
  'unknown-source': wrongUsage,
  'source-missing': failed,
  'source-damaged': failed,
  'checksum-mismatch': failed,
  'download-failed': failed,
  'empty-source': failed,
  'too-few-images': failed,
  'image-undecodable': failed,
  'file-not-found': failed,
  'file-not-writable': failed,
  'model-foreign': failed,
  'model-damaged': failed,
  'backbone-unsuitable': failed,
  'checkpoint-damaged': failed,
  'checkpoint-mismatch': failed,
  'training-diverged': failed,
  'training-collapsed': failed,
  'shape-mismatch': failed,
  'queries-differ': failed,
  'no-gradient': failed,
  'device-unavailable': failed,
  'collection-missing': failed,
  'collection-damaged': failed,
  'collection-newer': failed,
  'collection-busy': failed,
  'model-mismatch': failed,
  'model-missing': failed,
  'image-not-found': failed,
  'images-unreadable': failed,
  'filter-invalid': wrongUsage,
  'index-unavailable': failed,
  'watch-failed': failed,
  'service-unavailable': failed,
  'not-computed': failed,
  'out-of-memory': failed,
  'engine-failed': failed,
};
