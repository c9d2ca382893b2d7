import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../api/index.js';
import type { ApiServer } from '../api-server.js';
import { HttpProblem, problemOf } from '../problems.js';

export const problemType = 'application/problem+json';

/** Answers whatever is thrown by a problem, and logs what nobody expected. */
export function replyWithProblems(server: ApiServer): void {
  server.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id);
  if (problem.status >= 500 && problem.status !== 503) request.log.error({ err: error }, 'unexpected error');
  else request.log.debug({ err: error }, problem.detail);
  if (error instanceof HttpProblem && error.retryAfter !== undefined)
    reply.header('retry-after', String(error.retryAfter));
  else if (problem.status === 503) reply.header('retry-after', '1');
  // What is still being sent would be taken in, and held, for as long as it comes.
  if (problem.code === 'answer-timeout') reply.header('connection', 'close');
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="imagekin"');
  // Whatever the route meant to send.
  for (const name of ['content-length', 'content-encoding', 'etag', 'cache-control', 'last-modified'])
    reply.removeHeader(name);
  return reply.code(problem.status).header('cache-control', 'no-store').type(problemType).send(problem);
}

/** What is no HTTP at all, or came too slowly: there is no request yet that could be answered the ordinary way. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable && socket.bytesWritten === 0) {
    const problem = problemOf(clientProblem(error.code));
    socket.write(rawAnswer(problem));
  }
  socket.destroySoon?.();
}

function clientProblem(code: string | undefined): HttpProblem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new HttpProblem('request-timeout', 'the request did not come in time; send it again, faster');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new HttpProblem('headers-too-large', 'the headers are longer than 16 KiB; send fewer');
  return new HttpProblem('request-invalid', 'this is no request of HTTP/1.1');
}

function rawAnswer(problem: Problem): string {
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
