import type { ServiceMethod } from '../context.js';
import { type Derived, notComputed, readBeside, readDerived } from '../derived/derived-state.js';
import { mapFile } from '../derived/stored-map.js';

export interface MapPointsRequest {
  /** What whoever asks has already, as it was called then. */
  readonly known?: string;
}

export interface MapPoints {
  /** Names these points among all that there have been and will be. */
  readonly version: string;
  /** An Arrow stream; `null` where it is what whoever asks has already. */
  readonly bytes: Uint8Array | null;
}

/**
 * Where the images are on the map.
 * @throws `not-computed`
 */
export const mapPoints: ServiceMethod<MapPointsRequest, MapPoints> = async (
  { name, directory },
  { known },
) => {
  const read = () => readDerived<unknown>(directory, mapFile);
  let derived = await read();
  let bytes: Uint8Array | undefined;
  if (derived && versionOf(derived) === known) return { version: known, bytes: null };
  if (derived) bytes = await readBeside(directory, derived);
  // It may have been made anew between the two.
  if (derived && !bytes) {
    derived = await read();
    bytes = derived && (await readBeside(directory, derived));
  }
  if (!derived || !bytes) throw notComputed(name, 'map');
  return { version: versionOf(derived), bytes };
};

function versionOf({ beside = '' }: Derived<unknown>): string {
  return beside.replace(/\.\w+$/, '');
}
