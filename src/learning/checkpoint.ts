import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ImagekinError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import type { TrainingRecord } from './training-record.js';
import type { TrainingState } from './training-step.js';

/** A training run at rest: enough to go on as if it had never stopped. */
export interface Checkpoint {
  /** What must be equal for a run to go on: recipe, data, seed, validation. Plain JSON. */
  readonly identity: Readonly<Record<string, unknown>>;
  readonly state: TrainingState;
  /** What it has come to so far. */
  readonly record: TrainingRecord;
  /** Steps in a row, up to this one, in which all embeddings were alike. */
  readonly stepsAlike: number;
}

/**
 * File format: magic `IKCP`, format version (uint32), length of the header (uint32), header (JSON), vectors (float32),
 * SHA-256 of all before. Little-endian throughout.
 */
const magic = 'IKCP';
const formatVersion = 2;
const prefixLength = 12;
const digestLength = 32;

interface Header extends Omit<Checkpoint, 'state'> {
  readonly step: number;
  /** Whether the first two vectors are the averages of parameters and states. */
  readonly averaged: boolean;
  readonly lengths: readonly number[];
}

export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { state, ...rest } = checkpoint;
  const { average } = state;
  const vectors = [
    ...(average ? [average.parameters, average.states] : []),
    state.parameters,
    state.states,
    ...state.slots,
  ];
  const header: Header = {
    ...rest,
    step: state.step,
    averaged: average !== undefined,
    lengths: vectors.map((v) => v.length),
  };
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(prefixLength);
  prefix.write(magic, 'latin1');
  prefix.writeUInt32LE(formatVersion, 4);
  prefix.writeUInt32LE(json.length, 8);
  const body = Buffer.concat([
    prefix,
    json,
    ...vectors.map((v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength)),
  ]);
  await writeFileAtomic(path, Buffer.concat([body, sha256(body)]));
}

/**
 * Reads a checkpoint.
 * @throws `checkpoint-damaged` where the file is not one, or not whole
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const file = await readFile(path);
  const damaged = (got: string) =>
    new ImagekinError('checkpoint-damaged', {
      where: path,
      expected: 'an imagekin checkpoint',
      got,
      fix: 'delete it and train anew',
    });
  if (file.length < prefixLength + digestLength || file.toString('latin1', 0, 4) !== magic) {
    throw damaged('a file of another kind');
  }
  const version = file.readUInt32LE(4);
  if (version !== formatVersion)
    throw damaged(`format version ${version}, this version reads ${formatVersion}`);
  const body = file.subarray(0, -digestLength);
  if (!sha256(body).equals(file.subarray(-digestLength)))
    throw damaged('bytes that do not match their checksum');

  const headerEnd = prefixLength + file.readUInt32LE(8);
  const { step, averaged, lengths, ...rest } = JSON.parse(
    file.toString('utf8', prefixLength, headerEnd),
  ) as Header;
  let offset = headerEnd;
  const vectors = lengths.map((length) => {
    // Copied out, as the vectors may not stand at a multiple of four in the file.
    const bytes = new Uint8Array(file.subarray(offset, offset + length * 4));
    offset += length * 4;
    return new Float32Array(bytes.buffer);
  });
  const average = averaged && { parameters: vectors.shift()!, states: vectors.shift()! };
  const [parameters, states, ...slots] = vectors as [Float32Array, Float32Array, ...Float32Array[]];
  return { ...rest, state: { step, parameters, states, slots, ...(average && { average }) } };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
