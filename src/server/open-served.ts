import type { FastifyBaseLogger } from 'fastify';
import type { CollectionService } from '../app/service/collection-service.js';
import { openJobs } from '../app/service/jobs/open-jobs.js';
import { openCollectionService, type ServiceOptions } from '../app/service/open-collection-service.js';
import { messageOf } from '../core/errors.js';
import type { Served } from './api-server.js';
import { collectionNames } from './collection-names.js';
import { noJobs } from './no-jobs.js';
import { problemOf } from './problems.js';

export interface OpenServedOptions extends Pick<ServiceOptions, 'threads' | 'device' | 'decoding'> {
  /** Nothing that an earlier server left to be done is gone on with either. */
  readonly readOnly?: boolean;
  readonly logger: FastifyBaseLogger;
}

export interface OpenServed extends Served {
  /** Lets jobs come to a safe point; then ends the threads. */
  close(): Promise<void>;
}

/**
 * Opens collections to be served, and their jobs.
 * @throws `collection-missing`, `collection-damaged`, `collection-newer` of the first that is no good, with nothing left open
 */
export async function openServed(
  directories: readonly string[],
  { readOnly = false, logger, ...options }: OpenServedOptions,
): Promise<OpenServed> {
  const collections = new Map<string, CollectionService>();
  const closeAll = async () => {
    await Promise.all([...collections.values()].map((service) => service.close()));
  };
  try {
    for (const [name, directory] of collectionNames(directories)) {
      const onLost: ServiceOptions['onLost'] = (lane, why) =>
        logger.error({ collection: name, lane, why }, 'a thread was lost; another takes its place');
      collections.set(name, await openCollectionService(name, directory, { ...options, onLost }));
    }
    const onError = (error: unknown) => logger.error({ reason: messageOf(error) }, 'jobs are not remembered');
    const jobs = readOnly
      ? noJobs
      : await openJobs(collections, {
          problemOf,
          onError,
          threads: options.threads,
        });
    return {
      collections,
      jobs,
      async close() {
        await jobs.close();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
