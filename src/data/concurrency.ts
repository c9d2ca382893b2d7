import { availableParallelism } from 'node:os';

/**
 * Runs `work` for every index in [0, count), a few at a time, and waits for all that were started. The first failure
 * starts no more and is thrown.
 */
export async function mapConcurrently(
  count: number,
  work: (index: number) => Promise<void>,
  atOnce: number = availableParallelism() + 1,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      try {
        await work(next++);
      } catch (error) {
        next = count;
        throw error;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, count) }, lane));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
