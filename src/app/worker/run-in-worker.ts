import { existsSync } from 'node:fs';
import { callInWorker } from './call-in-worker.js';
import { type OptionsOf, type ResultOf, type UseCaseName, useCases } from './use-cases.js';

const workerFile = new URL('./use-case-worker.js', import.meta.url);

/**
 * Runs a use case in a thread of its own, so that this one can answer people while programs run there. Options are those
 * of the use case, as far as they are plain data, functions that are told something, and a signal.
 *
 * Code that has not been compiled cannot be started as a worker; it runs here.
 */
export async function runInWorker<Name extends UseCaseName>(
  name: Name,
  options: OptionsOf<Name>,
): Promise<ResultOf<Name>> {
  if (existsSync(workerFile)) return (await callInWorker(workerFile, name, options)) as ResultOf<Name>;
  const useCase = (await useCases[name]()) as (options: OptionsOf<Name>) => Promise<ResultOf<Name>>;
  return useCase(options);
}
