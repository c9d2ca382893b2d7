import type { ApiServer } from '../api-server.js';
import { HttpProblem } from '../problems.js';
import { isSafe } from './refuse-foreign.js';

/** Refuses what would change something. */
export function refuseChanges(server: ApiServer): void {
  if (!server.settings.readOnly) return;
  server.addHook('onRequest', async ({ method, is404, routeOptions }) => {
    if (isSafe(method) || is404 || routeOptions.config.harmless) return;
    throw new HttpProblem('read-only', 'this server was started with --read-only; ask one that was not');
  });
}
