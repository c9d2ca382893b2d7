// @ts-check
import { readFileSync } from 'node:fs';

/**
 * The most memory that this process has held at once, in MiB. On Linux it is the program's own high-water mark: what
 * `getrusage` says also counts the process that started it.
 */
export function peakMemoryMiB() {
  try {
    const [, kibibytes] = readFileSync('/proc/self/status', 'utf8').match(/^VmHWM:\s+(\d+) kB$/m) ?? [];
    if (kibibytes !== undefined) return Number(kibibytes) / 1024;
  } catch {
    // No Linux.
  }
  return process.resourceUsage().maxRSS / 1024;
}
