import { workerData } from 'node:worker_threads';
import { ServiceHost } from '../service-host.js';
import { answerQuestions } from './answer-questions.js';
import type { ThreadData } from './messages.js';

/** The program of a thread that answers questions of a collection. */
const { name, directory, options } = workerData as ThreadData;
answerQuestions(new ServiceHost(name, directory, options));
