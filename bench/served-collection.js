// @ts-check
/** What benchmarks of the server and of the page are run on: a collection of 10,000 images, and a server of its own. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './usage-error.js';

const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const root = process.env.IMAGEKIN_TEST_DATA ?? fileURLToPath(new URL('../../shared', import.meta.url));

/**
 * A collection of the images of a source, made once for each source and model.
 * @param {string} name of the benchmark
 * @param {string} source
 * @param {string | undefined} given
 */
export async function madeCollection(name, source, given) {
  const shared = join(root, 'models', 'mobilenetv2-0.35-224.onnx');
  const model = given ?? shared;
  if (!existsSync(model))
    throw new UsageError(
      `bench ${name}: no ${model}; name a model file by --model, or a collection by --collection`,
    );
  const how = given === undefined ? ['--mean', '0.5', '--std', '0.5'] : [];
  const key = createHash('sha256').update(readFileSync(model)).update(source).digest('hex').slice(0, 12);
  const directory = join(tmpdir(), `imagekin-bench-serve-${key}.kin`);
  if (existsSync(directory)) return directory;
  console.error(`making ${directory}, which is kept`);
  const part = `${directory}.part`;
  rmSync(part, { recursive: true, force: true });
  await finished(
    name,
    spawn(process.execPath, [command, 'add', part, source, '--model', model, ...how], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  renameSync(part, directory);
  return directory;
}

/**
 * @param {string} name
 * @param {import('node:child_process').ChildProcess} child
 */
function finished(name, child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(undefined) : reject(new Error(`bench ${name}: imagekin ended with ${code}`)),
    );
  });
}

/**
 * @param {string} name of the benchmark
 * @param {string} collection
 */
export async function startServer(name, collection) {
  const child = spawn(
    process.execPath,
    [command, 'serve', collection, '--port', '0', '--host', '127.0.0.1', '--read-only'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  /** @type {string} */
  const url = await new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      // What it logs later is read as well, or it would wait for that.
      if (said.length > 100_000) return;
      said += text;
      const [found] = said.match(/http:\/\/[^\s"]+\//) ?? [];
      if (found) resolve(found);
    });
    child.on('close', () => reject(new Error(`bench ${name}: the server ended\n${said}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      const ended = new Promise((resolve) => child.on('close', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}
