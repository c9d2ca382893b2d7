import { readFileSync } from 'node:fs';

let known: { readonly block: number | undefined } | undefined;

/**
 * Channels that ONNX Runtime's convolutions keep together on this machine: 16 with AVX-512. `undefined` where that is not
 * known: the processor's features are told by Linux alone, and narrower vectors have not been measured.
 */
export function channelBlock(): number | undefined {
  known ??= { block: hasAvx512() ? 16 : undefined };
  return known.block;
}

function hasAvx512(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  try {
    return /^flags\s*:.*\bavx512f\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}
