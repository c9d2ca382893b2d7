import { Random } from '../core/random.js';
import { classCounts, type LabelledImages } from '../data/labelled-images.js';
import { anchorPositivePairs } from '../learning/samplers/anchor-positive-pairs.js';
import { batchCollage } from '../report/batch-collage.js';
import { classCounts as classCountsChart } from '../report/charts/class-counts.js';
import { contactSheet } from '../report/contact-sheet.js';
import type { ReportSection } from '../report/report.js';
import { imagesAt } from './thumbnails.js';

const gridImages = 25;
const pairsShown = 10;

/** Pictures of a data set: random images, a batch of anchors and positives, images per class. */
export async function lookSection(images: LabelledImages, seed: number): Promise<ReportSection> {
  const count = Math.min(gridImages, images.length);
  const chosen = Random.of(seed, 'look').sample(count, images.length);
  const pictures = await imagesAt(images, chosen);
  const grid = await contactSheet(
    pictures.map((image, i) => ({
      image,
      caption: images.classNames[images.labels[chosen[i]!]!]!,
      id: images.id(chosen[i]!),
    })),
    { title: `${count} random images`, subtitle: images.name },
  );
  const counts = classCounts(images);
  return {
    title: 'Look',
    text: `${images.name}: ${images.length.toLocaleString('en')} images of ${images.classNames.length.toLocaleString('en')} classes.`,
    blocks: [
      { kind: 'figure', figure: grid, file: 'images.png' },
      ...(await pairBlocks(images, seed, counts)),
      {
        kind: 'figure',
        figure: classCountsChart({ classNames: images.classNames, counts }),
        file: 'classes.png',
      },
    ],
  };
}

/** A batch of pairs, where every class has images for one. */
async function pairBlocks(
  images: LabelledImages,
  seed: number,
  counts: Int32Array,
): Promise<ReportSection['blocks']> {
  const filled = counts.filter((count) => count > 0);
  if (filled.length < 2 || filled.includes(1)) return [];
  const plan = anchorPositivePairs({ classesPerBatch: pairsShown });
  const { indices, labels } = plan.prepare(images, seed).batch(0);
  const half = indices.length / 2;
  const pictures = await imagesAt(images, [...indices]);
  const pairs = Array.from({ length: half }, (_, i) => ({
    anchor: pictures[i]!,
    positive: pictures[half + i]!,
    className: images.classNames[labels[i]!]!,
  }));
  const subtitle = 'Every anchor is to find its positive, another image of its class.';
  const figure = await batchCollage(pairs, { title: 'A batch', subtitle });
  return [{ kind: 'figure', figure, file: 'batch.png' }];
}
