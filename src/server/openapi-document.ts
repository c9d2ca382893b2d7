import { createServer } from './create-server.js';
import { noJobs } from './no-jobs.js';

/** Where the document is published, from the root of the package. */
export const openApiPath = 'schema/openapi.json';

/** Asked of a server that serves nothing: what can be asked does not depend on it. */
export async function openApiText(): Promise<string> {
  const server = createServer({ collections: new Map(), jobs: noJobs }, { page: null });
  try {
    await server.ready();
    return `${JSON.stringify(server.swagger(), null, 2)}\n`;
  } finally {
    await server.close();
  }
}
