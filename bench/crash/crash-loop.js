// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { verifyCollection } from '../../dist/app/collection/verify-collection.js';
import { Collection, isCollection } from '../../dist/collection/collection.js';
import { Random } from '../../dist/core/random.js';
import { ChangingFolder } from './changing-folder.js';
import { drawnModel } from './drawn-model.js';
import { OwnPixels } from './own-pixels.js';

const commandLine = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/**
 * @typedef {object} Crashes
 * @property {number} kills processes that were killed while they worked
 * @property {number} finished processes that came to their end before
 * @property {Record<string, number>} killed by command
 * @property {number} images in the collection in the end
 * @property {number} searched searches by an image's own pixels
 * @property {string[]} damage what was found wrong, with where the seed had come to; none is the aim
 */

/** What may be under way when a process is killed, and how often. @type {[string, number][]} */
const commands = [
  ['add', 0.4],
  ['add --prune', 0.2],
  ['reindex', 0.25],
  ['compact', 0.15],
];

/**
 * Kills processes that work on a collection, at random moments, while its folder changes. After each, nothing may be wrong with
 * the collection but what the next run brings up to date, and every image that it has ever shown as added, and whose file is
 * still there, must be found by its own pixels.
 * @param {{ readonly directory: string, readonly kills: number, readonly seed: number, readonly images?: number,
 *   readonly onProgress?: (line: string) => void }} options
 * @returns {Promise<Crashes>}
 */
export async function crashLoop({ directory, kills, seed, images = 60, onProgress = () => {} }) {
  const random = Random.of(seed, 'crash');
  await mkdir(directory, { recursive: true });
  for (const number of [1, 2]) await writeFile(join(directory, `${number}.onnx`), drawnModel(number));
  const folder = new ChangingFolder(join(directory, 'pictures'), random);
  await folder.add(images);
  const loop = new Loop(directory, folder, random);
  await loop.measure();
  while (loop.result.kills < kills) {
    await loop.round();
    const { kills: done, finished, damage } = loop.result;
    if (done % 10 === 0 || damage.length > 0)
      onProgress(`${done} of ${kills} killed, ${finished} finished before, ${damage.length} times damage`);
    if (damage.length > 0) break;
  }
  return loop.result;
}

class Loop {
  /** @type {Crashes} */
  result = { kills: 0, finished: 0, killed: {}, images: 0, searched: 0, damage: [] };
  #pixels = new OwnPixels();
  /** Hashes of images that the collection has shown as added. */
  #added = new Set();
  /** How long each command takes that is not killed, in ms. @type {Record<string, number>} */
  #durations = {};
  #rounds = 0;

  /** @param {string} directory @param {ChangingFolder} folder @param {Random} random */
  constructor(directory, folder, random) {
    this.directory = directory;
    this.collection = join(directory, 'crash.kin');
    this.folder = folder;
    this.random = random;
  }

  /** Finds out how long commands take, on a collection of its own. */
  async measure() {
    const collection = join(this.directory, 'measured.kin');
    const add = ['add', collection, this.folder.directory, '--model', join(this.directory, '1.onnx')];
    /** @type {[string, string[]][]} */
    const runs = [
      ['add', add],
      ['add --prune', [...add, '--prune']],
      ['reindex', ['reindex', collection, '--model', join(this.directory, '2.onnx')]],
      ['compact', ['compact', collection]],
    ];
    for (const [command, args] of runs) {
      const startedAt = performance.now();
      await this.#run(args);
      this.#durations[command] = performance.now() - startedAt;
    }
  }

  async round() {
    this.#rounds++;
    const command = isCollection(this.collection) && this.#added.size > 0 ? this.#draw() : 'add';
    const [name] = command.split(' ');
    // Of a change of models, only what has been added before is spoken of: what add has not seen cannot be embedded.
    if (name === 'reindex') await this.#run(['add', this.collection, this.folder.directory]);
    else await this.folder.change();
    const args = this.#argsOf(command);
    const killed = await this.#runAndKill(command, args);
    if (killed) {
      this.result.kills++;
      this.result.killed[command] = (this.result.killed[command] ?? 0) + 1;
    } else this.result.finished++;
    await this.#check(
      `round ${this.#rounds}, ${command} ${killed ? 'killed' : 'finished'}`,
      !killed && name === 'add',
    );
  }

  #draw() {
    let at = this.random.between(0, 1);
    for (const [command, share] of commands) {
      at -= share;
      if (at < 0) return command;
    }
    return 'add';
  }

  /** @param {string} command */
  #argsOf(command) {
    const { collection, folder, directory } = this;
    const [name, ...flags] = command.split(' ');
    if (name === 'compact') return [name, collection, ...(this.random.integer(2) === 0 ? ['--missing'] : [])];
    if (name === 'reindex') return [name, collection, '--model', this.#otherModel()];
    return [
      'add',
      collection,
      folder.directory,
      '--model',
      this.#model() ?? join(directory, '1.onnx'),
      ...flags,
    ];
  }

  /** The one that the collection has; nothing where there is none yet. */
  #model() {
    if (!isCollection(this.collection)) return undefined;
    const collection = Collection.open(this.collection);
    try {
      const active = collection.catalog.models.active();
      return active && collection.modelPath(active);
    } finally {
      collection.close();
    }
  }

  /** One to change to: that which a killed process has begun, or the other one. */
  #otherModel() {
    const collection = Collection.open(this.collection);
    try {
      const next = collection.catalog.models.next();
      if (next && this.random.integer(3) > 0) return join(this.directory, next.name);
      return join(this.directory, basename(collection.model.name) === '1.onnx' ? '2.onnx' : '1.onnx');
    } finally {
      collection.close();
    }
  }

  /** @param {string[]} args */
  async #run(args) {
    const child = this.#start(args);
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`imagekin ${args.join(' ')} ended with ${code}: ${said}`);
  }

  /** @param {string} command @param {string[]} args @returns {Promise<boolean>} whether it was killed before it ended */
  async #runAndKill(command, args) {
    const startedAt = performance.now();
    const child = this.#start(args);
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const ended = once(child, 'close');
    const usual = this.#durations[command];
    // Somewhat longer than it usually takes, so that its last moments have their share.
    const killing = new AbortController();
    const dead = wait(this.random.between(0.2, 1.1) * usual, true, { signal: killing.signal })
      .then(() => child.kill('SIGKILL'))
      .catch(() => false);
    const [code, signal] = await ended;
    killing.abort();
    await dead;
    if (signal === 'SIGKILL') {
      // On a machine that has become slower than it was measured, every one could be killed before it has begun.
      if (this.#added.size === 0) this.#durations[command] *= 1.5;
      return true;
    }
    if (code !== 0 && code !== 3) throw new Error(`imagekin ${args.join(' ')} ended with ${code}: ${said}`);
    const took = performance.now() - startedAt;
    this.#durations[command] = (this.#durations[command] + took) / 2;
    return false;
  }

  /** @param {string[]} args */
  #start(args) {
    const { PATH } = process.env;
    const env = { PATH, IMAGEKIN_HOME: join(this.directory, 'home'), IMAGEKIN_TUNING: 'off' };
    const threads = args[0] === 'compact' ? [] : ['--threads', '1'];
    return spawn(process.execPath, [commandLine, ...args, '--json', ...threads], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  /** @param {string} when @param {boolean} isWhole whether all files must be in it */
  async #check(when, isWhole) {
    const wrong = (/** @type {string} */ what) => this.result.damage.push(`${when}: ${what}`);
    if (!isCollection(this.collection)) {
      if (this.#added.size > 0) wrong('the collection is gone');
      return;
    }
    const collection = Collection.open(this.collection);
    try {
      if (!collection.catalog.models.active()) {
        if (this.#added.size > 0) wrong('the model is gone');
        return;
      }
      const { findings } = await verifyCollection({ collection: this.collection });
      for (const { kind, severity, count, examples } of findings)
        if (severity === 'damage') wrong(`${count} ${kind}, as ${examples[0]}`);
      const { images } = collection.catalog;
      this.result.images = images.count();
      const here = new Map([...images.each()].map((image) => [image.sha256, image.id]));
      for (const hash of here.keys()) this.#added.add(hash);
      const searched = [];
      for (const [hash, path] of this.folder.files) {
        const id = here.get(hash);
        if (id !== undefined) searched.push({ id, hash, path });
        else if (isWhole) wrong(`${path} is not in it, though all was added`);
        else if (this.#added.has(hash)) wrong(`${path} was added, and is not in it any more`);
      }
      this.result.searched += searched.length;
      for (const path of await this.#pixels.notFound(collection, searched))
        wrong(`${path} is not found by its own pixels`);
    } finally {
      collection.close();
    }
  }
}
