// @ts-check
/** Our side of the training benchmark: takes training steps of a case when told to. */
import { parseArgs } from 'node:util';
import { packageVersion } from '../../dist/core/package-version.js';
import { serveSteps } from '../serve-steps.js';
import { classCount, trainCases } from '../train-cases.js';
import { stepRunner } from './step-runner.js';

const { values } = parseArgs({
  options: { case: { type: 'string' }, batch: { type: 'string' }, threads: { type: 'string' } },
});
const chosen = trainCases.find(({ id }) => id === values.case);
if (!chosen) throw new Error(`expected a case of the training benchmark, got ${values.case}`);

const { parameters, stepsPerRun, run } = await stepRunner(chosen.recipe, {
  batchSize: Number(values.batch),
  learningRate: chosen.learningRate,
  classCount,
  threads: Number(values.threads),
});
await serveSteps({ name: `imagekin ${packageVersion}`, parameters }, () => run(), stepsPerRun);
