import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import type { Evaluation, EvaluationRequest } from '../../src/evaluation/index.js';

// The built code, as workers cannot be started from TypeScript.
const { metrics } = (await import(new URL('../../dist/index.js', import.meta.url).href)) as {
  metrics: { evaluate(request: EvaluationRequest): Promise<Evaluation> };
};

const dimension = 4;
const count = 8300; // 69 million scores: worth threads
const classes = 200;

/** Small whole numbers: equal products whatever the order of adding, and ties in plenty. */
function request(changes: Partial<EvaluationRequest> = {}): EvaluationRequest {
  const random = Random.of(3, 'vectors');
  const test = {
    embeddings: Float32Array.from({ length: count * dimension }, () => random.integer(7) - 3),
    labels: Int32Array.from({ length: count }, () => random.integer(classes)),
    classNames: Array.from({ length: classes }, (_, c) => `class ${c}`),
  };
  return { test, dimension, bootstrap: 0, exampleQueries: [0, 4500, 8299], ...changes };
}

describe('ranking in threads', () => {
  it('finds what one thread finds', async () => {
    const alone = await metrics.evaluate(request({ threads: 1 }));
    expect(await metrics.evaluate(request({ threads: 2 }))).toEqual(alone);
    expect(await metrics.evaluate(request({ threads: 3 }))).toEqual(alone);
  });

  it('says how far it is, and comes to the end', async () => {
    const done: number[] = [];
    await metrics.evaluate(request({ threads: 2, onProgress: (progress) => done.push(progress.done) }));
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(count);
  });

  it('stops between blocks when told to', async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('enough'));
    const stopped = metrics.evaluate(request({ threads: 2, signal: controller.signal, onProgress }));
    await expect(stopped).rejects.toThrow('enough');
  });
});
