// @ts-check
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ort from 'onnxruntime-node';

/**
 * Does some work and gives the profile that ONNX Runtime kept of one program's runs meanwhile.
 *
 * @param {string} output name of an output that only the program to profile has: others, such as those that measure
 *   lowerings, run undisturbed
 * @param {() => Promise<void>} work makes the program and runs it
 * @returns {Promise<any[]>} events in the trace format of Chrome
 */
export async function profiledProgram(output, work) {
  const { InferenceSession } = ort;
  const { create } = InferenceSession;
  const directory = await mkdtemp(join(tmpdir(), 'imagekin-profile-'));
  /** @type {import('onnxruntime-node').InferenceSession[]} */
  const sessions = [];
  /** @param {any[]} args a model and the options for it */
  InferenceSession.create = async (...args) => {
    const [model, options] = args;
    if (
      !(model instanceof Uint8Array) ||
      !Buffer.from(model.buffer, model.byteOffset, model.length).includes(output)
    )
      return create.apply(InferenceSession, /** @type {any} */ (args));
    const profiling = { enableProfiling: true, profileFilePrefix: join(directory, 'profile') };
    const session = await create.call(InferenceSession, model, { ...options, ...profiling });
    sessions.push(session);
    return session;
  };
  try {
    await work();
    for (const session of sessions) session.endProfiling();
    const [file] = await readdir(directory);
    if (sessions.length !== 1 || file === undefined)
      throw new Error(`expected one program with an output ${output}, got ${sessions.length}`);
    return JSON.parse(await readFile(join(directory, file), 'utf8'));
  } finally {
    InferenceSession.create = create;
    await rm(directory, { recursive: true, force: true });
  }
}
