// @ts-check
/**
 * A side of the training benchmark that stays alive. It says what it is in one line of JSON; for every line
 * `{ "steps": n }` on stdin it takes n steps and answers with their time, until stdin ends. A side that takes several steps
 * as one takes as many as are needed for n, and says how many they were.
 * `peers/serve_steps.py` is the same in Python, `step-process.js` the other end.
 */
import { createInterface } from 'node:readline';
import { peakMemoryMiB } from './peak-memory.js';

/**
 * @param {import('./step-process.js').Hello} hello
 * @param {() => Promise<number> | number} run takes one training step, or `stepsPerRun`, and returns the loss of the last
 */
export async function serveSteps(hello, run, stepsPerRun = 1) {
  console.log(JSON.stringify(hello));
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line);
    let loss = Number.NaN;
    const start = performance.now();
    let taken = 0;
    for (; taken < steps; taken += stepsPerRun) loss = await run();
    const seconds = (performance.now() - start) / 1000;
    console.log(JSON.stringify({ seconds, steps: taken, loss, peakMiB: peakMemoryMiB() }));
  }
}
