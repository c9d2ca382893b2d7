import type { ServiceMethod } from '../context.js';
import { notComputed, readBeside } from '../derived/derived-state.js';
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
  const found = await readBeside(directory, mapFile, (beside) => versionOf(beside) === known);
  if (!found) throw notComputed(name, 'map');
  return { version: versionOf(found.beside), bytes: found.bytes };
};

function versionOf(beside: string): string {
  return beside.replace(/\.\w+$/, '');
}
