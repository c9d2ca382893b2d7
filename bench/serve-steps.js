// @ts-check
/**
 * A side of the training benchmark that stays alive. It says what it is in one line of JSON; for every line
 * `{ "steps": n }` on stdin it takes n steps and answers with their time, until stdin ends.
 * `peers/serve_steps.py` is the same in Python, `step-process.js` the other end.
 */
import { createInterface } from 'node:readline';
import { peakMemoryMiB } from './peak-memory.js';

/**
 * @param {import('./step-process.js').Hello} hello
 * @param {() => Promise<number> | number} step takes one training step and returns its loss
 */
export async function serveSteps(hello, step) {
  console.log(JSON.stringify(hello));
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line);
    let loss = Number.NaN;
    const start = performance.now();
    for (let i = 0; i < steps; i++) loss = await step();
    const seconds = (performance.now() - start) / 1000;
    console.log(JSON.stringify({ seconds, loss, peakMiB: peakMemoryMiB() }));
  }
}
