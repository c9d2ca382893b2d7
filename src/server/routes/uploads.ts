import type { Multipart } from '@fastify/multipart';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { uploadsFolder } from '../../app/service/images/originals.js';
import { ReceivedFiles } from '../../app/service/uploads/received-files.js';
import { accepted, acceptedJob } from '../accepted-job.js';
import type { Routes } from '../api-server.js';
import { CollectionParams, collectionOf } from '../collection-of.js';
import { HttpProblem } from '../problems.js';

const mostLabel = 500;
const Upload = Type.Object({
  files: Type.Array(Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' }), {
    description: 'Image files, in parts of any name. Others are listed among the failures of the job.',
  }),
  label: Type.Optional(Type.String({ maxLength: mostLabel, description: 'The label of all of them.' })),
});

export const uploadRoutes: Routes = (server, served) => {
  server.post(
    '/collections/:collection/images',
    {
      config: { work: 'upload' },
      schema: {
        operationId: 'addImages',
        tags: ['images'],
        summary: 'Adds image files',
        description:
          'The files are kept in the folder of the collection. The answer comes when all of them are there; the job then takes them in.',
        params: CollectionParams,
        consumes: ['multipart/form-data'],
        body: { content: { 'multipart/form-data': { schema: Upload } } },
        response: { 202: accepted },
      },
    },
    async (request, reply) => {
      const { collection } = request.params;
      const { directory } = collectionOf(served, collection);
      if (!request.isMultipart())
        throw new HttpProblem('media-type-unknown', 'files are sent as multipart/form-data');
      const received = new ReceivedFiles(uploadsFolder({ directory }));
      try {
        const label = await receive(request, received);
        if (received.count === 0)
          throw new HttpProblem(
            'request-invalid',
            'expected files, got none; send each as a part of its own',
          );
        const kept = await received.keep();
        const upload = { ...kept, ...(label !== undefined && { label }) };
        return acceptedJob(server, reply, await served.jobs.upload(collection, upload));
      } catch (error) {
        await received.discard();
        throw error;
      }
    },
  );
};

/** @returns the label, where one was given */
async function receive(request: FastifyRequest, received: ReceivedFiles): Promise<string | undefined> {
  let label: string | undefined;
  // What is too long is cut off and told of, and ends no upload.
  const options = { throwFileSizeLimit: false } as object;
  for await (const part of request.parts(options)) {
    if (part.type === 'file') await received.take(part.filename ?? '', part.file);
    else label = labelOf(part);
  }
  return label;
}

function labelOf({ fieldname, value, valueTruncated }: Extract<Multipart, { type: 'field' }>) {
  if (fieldname !== 'label')
    throw new HttpProblem(
      'request-invalid',
      `expected files and the field label, got a field ${JSON.stringify(fieldname.slice(0, 100))}; /docs describes what is taken`,
    );
  const label = String(value).trim();
  if (valueTruncated || label.length > mostLabel)
    throw new HttpProblem('request-invalid', `the label has more than ${mostLabel} characters; shorten it`);
  return label === '' ? undefined : label;
}
