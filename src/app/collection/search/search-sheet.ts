import type { ImageRecord } from '../../../collection/catalog/image-record.js';
import type { Collection } from '../../../collection/collection.js';
import { ImagekinError } from '../../../core/errors.js';
import { decodeImage, decodeImageTo } from '../../../image/decode.js';
import type { Image, Size } from '../../../image/image.js';
import { contactSheet } from '../../../report/contact-sheet.js';
import { renderFigure } from '../../../report/figure.js';
import { neighbourCollage } from '../../../report/neighbour-collage.js';
import type { Tile } from '../../../report/tile.js';
import { recordLocation } from '../record-location.js';
import type { DrawnAnswer } from './collection-answer.js';
import type { QueryImage } from './query-text.js';

/** Of images of which no small picture is kept. */
const size: Size = { width: 160, height: 160 };

/** Results as a PNG file: a sheet for one query, a row each for several. The pictures are those that the catalog keeps. */
export async function searchSheet(
  collection: Collection,
  answers: readonly DrawnAnswer[],
): Promise<Uint8Array> {
  const rows = await Promise.all(answers.map((one) => rowOf(collection, one)));
  const heading = { title: 'Nearest images', subtitle: `in ${collection.directory}` };
  const [only] = rows;
  return renderFigure(
    await (rows.length === 1 && only
      ? contactSheet(only.neighbours, { ...heading, query: only.query })
      : neighbourCollage(rows, heading)),
  );
}

async function rowOf(collection: Collection, { answer, image }: DrawnAnswer) {
  const { hits } = answer;
  const records = collection.catalog.images.byId(hits.map(({ id }) => id));
  const pictures = new Map(
    await Promise.all(
      records.map(async (record) => [record.id, await pictureOf(collection, record)] as const),
    ),
  );
  const neighbours: Tile[] = hits.map(({ id, score, label, name, alike }) => ({
    image: pictures.get(id) ?? blank,
    caption: label ?? name,
    detail: `${score.toFixed(3)}${alike.length > 0 ? ` +${alike.length}` : ''}`,
    id: `#${id} ${name}`,
  }));
  return {
    query: { image: await queryPicture(collection, image), caption: 'query', id: answer.query },
    neighbours,
  };
}

async function queryPicture(collection: Collection, image: QueryImage): Promise<Image> {
  if ('file' in image) return shown(() => decodeImageTo(image.file, size, 'contain'));
  const [record] = collection.catalog.images.byId([image.id]);
  return record ? pictureOf(collection, record) : blank;
}

function pictureOf({ catalog }: Collection, record: ImageRecord): Promise<Image> {
  const thumbnail = catalog.previews.thumbnail(record.id);
  if (thumbnail) return shown(() => decodeImage(thumbnail, { name: record.name }));
  const location = recordLocation(record);
  return location === undefined
    ? Promise.resolve(blank)
    : shown(() => decodeImageTo(location, size, 'contain'));
}

/** Stands for a picture that is gone: one file that has been moved is no reason to draw none of the others. */
const blank: Image = { width: 2, height: 2, data: new Uint8Array(12).fill(238) };

async function shown(picture: () => Promise<Image>): Promise<Image> {
  try {
    return await picture();
  } catch (error) {
    if (error instanceof ImagekinError) return blank;
    throw error;
  }
}
