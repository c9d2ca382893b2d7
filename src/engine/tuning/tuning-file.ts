import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { arch, cpus } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/files.js';
import { imagekinHome } from '../../core/home.js';
import { packageVersion } from '../../core/package-version.js';
import { runtimeVersion, type SessionOptions, threadCount } from '../session.js';

/** Milliseconds of every lowering of a choice, by the choice's key and the lowering's name. */
export type MeasuredChoices = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What decides which lowering is fastest, besides the operation. */
interface Machine {
  readonly cpu: string;
  readonly arch: string;
  readonly cores: number;
  readonly threads: number;
  readonly device: string;
  readonly runtime: string;
  readonly imagekin: string;
}

interface TuningFile {
  readonly format: number;
  readonly machine: Machine;
  readonly milliseconds: MeasuredChoices;
}

/** Of what is measured and how, as of the file: times taken in another way are not to be compared. */
export const tuningFormat = 2;

/** The first lowering stays unless another is clearly faster, so that noise decides nothing. */
const clearly = 0.95;

/** The lowering to take by what was measured. */
export function fastestOf(
  candidates: readonly { readonly name: string }[],
  milliseconds: Readonly<Record<string, number>>,
): string {
  const [first] = candidates;
  const best = candidates.reduce((a, b) => (milliseconds[b.name]! < milliseconds[a.name]! ? b : a));
  return milliseconds[best.name]! < clearly * milliseconds[first!.name]! ? best.name : first!.name;
}

/** What was measured on this machine before; nothing where the file is missing, damaged or of another form. */
export async function readTuning(options: SessionOptions): Promise<MeasuredChoices> {
  try {
    const file = JSON.parse(await readFile(tuningPath(options), 'utf8')) as TuningFile;
    if (file.format !== tuningFormat) return {};
    return Object.fromEntries(Object.entries(file.milliseconds).filter(([, times]) => areTimes(times)));
  } catch {
    return {};
  }
}

/**
 * Adds to what is remembered of this machine. Another process may have added meanwhile, so the file is read anew; of two
 * that write at one moment the later wins, and the other's are measured again one day. Where nothing can be written,
 * nothing is remembered, and training goes on.
 */
export async function rememberTuning(measured: MeasuredChoices, options: SessionOptions): Promise<void> {
  const file: TuningFile = {
    format: tuningFormat,
    machine: machineOf(options),
    milliseconds: { ...(await readTuning(options)), ...measured },
  };
  await writeFileAtomic(tuningPath(options), `${JSON.stringify(file, null, 1)}\n`).catch(() => {});
}

/** `$IMAGEKIN_HOME/tuning/<hash of the machine>.json` */
export function tuningPath(options: SessionOptions): string {
  const key = createHash('sha256')
    .update(JSON.stringify(machineOf(options)))
    .digest('hex')
    .slice(0, 16);
  return join(imagekinHome(), 'tuning', `${key}.json`);
}

function machineOf({ threads = threadCount(), device = 'cpu' }: SessionOptions): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    arch: arch(),
    cores: cpus().length,
    threads,
    device,
    runtime: runtimeVersion,
    imagekin: packageVersion,
  };
}

function areTimes(times: unknown): boolean {
  return (
    typeof times === 'object' &&
    times !== null &&
    Object.values(times).every((value) => typeof value === 'number' && value > 0)
  );
}
