import type { FastifyReply } from 'fastify';
import { Job } from '../api/index.js';
import type { ApiServer } from './api-server.js';

/** The answer to what a job has been made of. */
export const accepted: typeof Job = {
  ...Job,
  headers: { location: { type: 'string', description: 'Address of the job.' } },
} as typeof Job;

export function acceptedJob(server: ApiServer, reply: FastifyReply, job: Job): Job {
  reply.code(202).header('location', `${server.prefix}/jobs/${job.id}`);
  return job;
}
