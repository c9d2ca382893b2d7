import { join } from 'node:path';
import { writeFileAtomic } from '../core/files.js';
import { writeReport } from '../report/html-report.js';
import { evaluationReport } from './evaluation-report.js';
import { type EvaluateOptions, type EvaluateResult, measureModel } from './measure-model.js';
import { requireWritableDirectory } from './require-writable.js';

/** Measures a model by near neighbours on images with labels. */
export async function evaluateModel(options: EvaluateOptions): Promise<EvaluateResult> {
  const { report: directory, command = 'imagekin eval' } = options;
  if (directory !== undefined) await requireWritableDirectory(directory);
  const measured = await measureModel(options);
  if (directory === undefined) return measured.result;
  const report = await evaluationReport(measured, { command });
  const { page } = await writeReport(directory, report);
  const result = { ...measured.result, report: page };
  await writeFileAtomic(join(directory, 'evaluation.json'), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}
