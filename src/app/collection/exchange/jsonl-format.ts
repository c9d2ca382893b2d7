import { createReadStream } from 'node:fs';
import { jsonLine, jsonObjectOf } from '../../../core/json-lines.js';
import { textPieces } from '../../../data/listings/text-pieces.js';
import { collectRows, type TextRow } from './collect-rows.js';
import type { ExchangeFormat, OnSkipped } from './exchange-format.js';
import type { ExportedCollection } from './exchanged-image.js';
import { vectorOf, vectorText } from './vector-text.js';

/** A vector of half a million numbers would fit. */
const maxLineBytes = 8 * 2 ** 20;

/** A line of JSON for every image: what is known of it, and its `embedding`. */
export const jsonlFormat: ExchangeFormat = {
  extension: '.jsonl',
  vectorsOnly: false,
  async *chunks({ dimension, blocks }) {
    for await (const { images, vectors } of blocks()) {
      let lines = '';
      for (const [i, image] of images.entries()) {
        const vector = vectors.subarray(i * dimension, (i + 1) * dimension);
        lines += `${jsonLine(image).slice(0, -1)},"embedding":${vectorText(vector)}}\n`;
      }
      yield lines;
    }
  },
  open: (path, onSkipped) =>
    collectRows(path, vectorRows(path, onSkipped), {
      onSkipped,
      noRow: 'write a line of JSON for each image, such as {"id":"a","embedding":[0.6,0.8]}',
    }),
};

/** A line for every image, without its vector. */
export async function* imageLines({ blocks }: ExportedCollection): AsyncGenerator<string> {
  for await (const { images } of blocks()) yield images.map((image) => `${jsonLine(image)}\n`).join('');
}

/** The lines of a file, those that are no JSON objects among them as `undefined`. */
export async function* objectLines(
  path: string,
): AsyncGenerator<{ readonly number: number; readonly object?: Readonly<Record<string, unknown>> }> {
  for await (const { number, text } of textPieces(createReadStream(path), { maxBytes: maxLineBytes })) {
    if (text?.trim() === '') continue;
    yield { number, object: text === undefined ? undefined : jsonObjectOf(text) };
  }
}

async function* vectorRows(path: string, onSkipped: OnSkipped): AsyncGenerator<TextRow> {
  for await (const { number, object } of objectLines(path)) {
    const where = `line ${number}`;
    const { embedding, ...fields } = object ?? {};
    const vector = vectorOf(embedding);
    if (vector) yield { where, fields, vector };
    else
      onSkipped({
        path: `${path}: ${where}`,
        reason: object ? 'no "embedding" that is a list of numbers' : 'not a JSON object',
      });
  }
}
