// @ts-check
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * @typedef {object} Hello what a side says of itself when it is ready
 * @property {string} name of the tool, with its version
 * @property {number} parameters learned numbers, all of them: both sides must have as many
 *
 * @typedef {object} Timing
 * @property {number} seconds that the steps took
 * @property {number} steps that were taken: as many as were asked for, or a few more
 * @property {number} loss of the last step
 * @property {number} [cpuSeconds] of all its threads, where the side tells
 * @property {number} peakMiB most memory that the process has held at once so far
 */

/** One side of the training benchmark: a process that takes training steps when told to. See `serve-steps.js`. */
export class StepProcess {
  /** @type {((line: string) => void)[]} */
  #waiting = [];
  #stderr = '';
  #child;
  #failed;
  /** @type {Hello} */
  hello = { name: '', parameters: 0 };
  /** Most memory that the process had held at once when it last answered. */
  peakMiB = Number.NaN;

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {Record<string, string>} env
   */
  constructor(command, args, env) {
    this.#child = spawn(command, args, { env: { ...process.env, ...env } });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr += text;
    });
    this.#child.stdin.on('error', () => {}); // It has ended, which is told below.
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#waiting.shift()?.(line));
    this.#failed = new Promise((_, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => {
        reject(new Error(`${command} ${args[0]}: ended with ${signal ?? `code ${code}`}\n${this.#stderr}`));
      });
    });
    this.#failed.catch(() => {}); // Told to whoever waits for an answer.
  }

  /**
   * Starts a side and waits until it is ready to take steps.
   * @param {string} command
   * @param {string[]} args
   * @param {Record<string, string>} [env] added to this process's environment
   */
  static async start(command, args, env = {}) {
    const started = new StepProcess(command, args, env);
    started.hello = await started.#answer();
    return started;
  }

  /**
   * @param {number} steps
   * @param {string} [work] of a side that can do several kinds of it
   * @returns {Promise<Timing>}
   */
  async time(steps, work) {
    this.#child.stdin.write(`${JSON.stringify({ steps, work })}\n`);
    const timing = { steps, ...(await this.#answer()) };
    this.peakMiB = timing.peakMiB;
    if (Number.isFinite(timing.loss)) return timing;
    throw new Error(`${this.hello.name}: expected a finite loss, got ${timing.loss}`);
  }

  /** Ends the process and waits until its memory is free again. */
  async end() {
    this.#child.stdin.end();
    await this.#failed.catch(() => {});
  }

  /** @returns {Promise<any>} the next line that the process prints, parsed */
  async #answer() {
    /** @type {Promise<string>} */
    const line = new Promise((resolve) => this.#waiting.push(resolve));
    return JSON.parse(await Promise.race([line, this.#failed]));
  }
}
