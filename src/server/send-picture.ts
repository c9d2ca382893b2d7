import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenedFile } from '../app/service/images/within-roots.js';
import { byteRange } from './byte-range.js';
import { knownTag } from './etag.js';
import { HttpProblem } from './problems.js';

/** Says what bytes are called, and how long a browser may keep them: for good, where their address changes with them. */
export function setTag(reply: FastifyReply, tag: string, isForGood: boolean): void {
  const kept = isForGood ? 'private, max-age=31536000, immutable' : 'private, no-cache';
  reply.header('etag', `"${tag}"`).header('cache-control', kept);
}

/** Sets the headers of a picture. @returns whether the client has it already; then nothing is to be sent */
export function isKnown(
  request: FastifyRequest,
  reply: FastifyReply,
  tag: string,
  isForGood: boolean,
): boolean {
  setTag(reply, tag, isForGood);
  return knownTag(request.headers['if-none-match']) === tag;
}

/** Nothing, as the client has it already. */
export function notModified(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.code(304).send(request.method === 'HEAD' ? nothing() : null);
}

/** An answer to HEAD: Fastify would count the bytes of anything else, and write that for the length. */
function nothing(): Readable {
  return Readable.from([]);
}

/** Bytes that are in memory. */
export function sendBytes(reply: FastifyReply, mediaType: string, bytes: Uint8Array): FastifyReply {
  return reply.type(mediaType).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

export interface SentOriginal {
  readonly mediaType: string;
  readonly fileName: string;
  /** Another one with other bytes. */
  readonly tag: string;
}

/** The bytes of an image, or the part of them that `Range` asks for. What was opened is closed, whatever comes of it. */
export async function sendOriginal(
  request: FastifyRequest,
  reply: FastifyReply,
  { mediaType, fileName, tag }: SentOriginal,
  content: OpenedFile | Uint8Array,
): Promise<FastifyReply> {
  const file = content instanceof Uint8Array ? undefined : content.file;
  const size = content instanceof Uint8Array ? content.length : content.size;
  let isStreaming = false;
  try {
    reply.header('accept-ranges', 'bytes').header('content-disposition', disposition(fileName));
    // A drawing may style itself, and run nothing.
    if (mediaType === 'image/svg+xml')
      reply.header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
      );
    if (isKnown(request, reply, tag, false)) return notModified(request, reply);
    const { range: asked, 'if-range': ifRange } = request.headers;
    const isSame = ifRange === undefined || knownTag(String(ifRange)) === tag;
    const range = isSame ? byteRange(asked, size) : undefined;
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${size}`);
      throw new HttpProblem('range-invalid', `the file has ${size} bytes; ask for a part of these`);
    }
    const { from, to } = range ?? { from: 0, to: size - 1 };
    if (range) reply.code(206).header('content-range', `bytes ${from}-${to}/${size}`);
    reply.type(mediaType).header('content-length', to - from + 1);
    if (request.method === 'HEAD' || to < from) return reply.send(nothing());
    isStreaming = true;
    return reply.send(
      content instanceof Uint8Array
        ? Readable.from([content.subarray(from, to + 1)], { objectMode: false })
        : content.file.createReadStream({ start: from, end: to, highWaterMark: 2 ** 18 }),
    );
  } finally {
    if (!isStreaming) await file?.close();
  }
}

/** A name for who saves it; shown, and not saved, by who does not ask for that. */
function disposition(fileName: string): string {
  const ascii = fileName.replace(/[^\w. ()-]/g, '_');
  const all = encodeURIComponent(fileName.toWellFormed()).replace(/['()*]/g, escaped);
  return `inline; filename="${ascii}"; filename*=UTF-8''${all}`;
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
