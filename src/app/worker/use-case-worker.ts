import { answerCall } from './answer-call.js';
import { useCases } from './use-cases.js';

/** The thread that `runInWorker` starts. */
await answerCall(useCases);
