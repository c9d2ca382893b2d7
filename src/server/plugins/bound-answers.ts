import { setMaxListeners } from 'node:events';
import type { ApiServer } from '../api-server.js';

/**
 * Gives answers a time in which they must be made, but for those that go on for as long as somebody listens. These end when
 * `server.stopping` is aborted, as the server begins to stop: it waits for all answers to be whole.
 */
export function boundAnswers(server: ApiServer): void {
  const controller = new AbortController();
  // One listener for each who listens.
  setMaxListeners(0, controller.signal);
  server.decorate('stopping', controller.signal);
  server.addHook('onRoute', (route) => {
    if (route.config?.stream) return;
    const { answerMs, requestMs } = server.settings.limits;
    // A handler that takes files in goes on for as long as they come.
    route.handlerTimeout ??= route.config?.work === 'upload' ? requestMs : answerMs;
  });
  server.addHook('preClose', async () => controller.abort(new Error('the server is stopping')));
}
