import { dirname, resolve, sep } from 'node:path';
import type { Device } from '../../core/device.js';
import { ImagekinError } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/files.js';
import type { OnProgress, Skipped } from '../../core/progress.js';
import type { ListedImage, Listing } from '../../data/listed-image.js';
import { openListing } from '../../data/listing.js';
import type { OpenOptions } from '../../data/open-options.js';
import type { BackboneFlags } from '../../embedding/backbone/backbone-spec.js';
import { Embedder } from '../../embedding/embedder.js';
import { neighbourhoods } from '../../evaluation/neighbourhoods.js';
import { defaultOutlierScore } from '../../evaluation/outlier-scores.js';
import { DecodePool } from '../../image/decode-pool.js';
import { locationName } from '../../image/image-location.js';
import { writeReport } from '../../report/html-report.js';
import { PictureKinship } from '../duplicates/picture-kinship.js';
import { requireWritableDirectory, requireWritableFile } from '../require-writable.js';
import { cleaning, keepingOrder, manifestCsv } from './clean-manifest.js';
import { dataCheckReport } from './data-check-report.js';
import { exactDuplicates, leaks, nearDuplicates, smallClasses } from './duplicate-findings.js';
import type { CheckLimits, DataCheck, UnusableFile } from './findings.js';
import { nearestPairs, outliers, spareNeighbours, suspectedLabels } from './neighbour-findings.js';
import { type Survey, surveyImages, type UnusableImage } from './survey-images.js';

/** See docs/guide/data-check.md for where they come from. */
export const defaultLimits: CheckLimits = {
  minImages: 2,
  nearDistance: 15,
  k: 10,
  labelConfidence: 0.6,
  outlierScore: defaultOutlierScore,
};

export interface CheckDataOptions {
  readonly source: string;
  /** Path of a model file: labels and outliers are judged in its embedding. */
  readonly model?: string;
  readonly limits?: Partial<CheckLimits>;
  /** Directory for a page with pictures. */
  readonly report?: string;
  /** Path for a manifest of the images that are worth keeping. */
  readonly fix?: string;
  /** How a model that imagekin did not train takes images. */
  readonly backbone?: BackboneFlags;
  readonly threads?: number;
  readonly device?: Device;
  readonly open?: OpenOptions;
  /** What the user typed, for the page. */
  readonly command?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Looks for what is wrong with a set of images: files that do not decode, copies, leaks between splits, classes that
 * are too small, and, with a model, labels that neighbours disagree with and images that are like no other. Nothing of
 * the source is changed.
 *
 * @throws ImagekinError `unknown-source`, `empty-source`, `wrong-usage`, `file-not-writable`; what opening a model throws
 */
export async function checkData(options: CheckDataOptions): Promise<DataCheck> {
  const pool = new DecodePool();
  try {
    return await checkWith(pool, options);
  } finally {
    await pool.close();
  }
}

async function checkWith(pool: DecodePool, options: CheckDataOptions): Promise<DataCheck> {
  const { source, model, report, fix, threads, device, onProgress, signal } = options;
  const { command = 'imagekin data check' } = options;
  const startedMs = performance.now();
  const limits = { ...defaultLimits, ...definedOf(options.limits) };
  if (report !== undefined) await requireWritableDirectory(report);
  if (fix !== undefined) await requireWritableFile(fix);
  /** What stands in a manifest or an archive and leads nowhere. */
  const unlisted: Skipped[] = [];
  const onSkipped = (one: Skipped) => void unlisted.push(one);
  const listing = await openListing(source, { ...options.open, onSkipped, signal });
  const embedder =
    model === undefined
      ? undefined
      : await Embedder.open(model, { threads, device, backbone: options.backbone });
  let survey: Survey;
  try {
    const guarded = keepingClear(listing, { report, fix });
    survey = await surveyImages(guarded, { name: source, pool, embedder, onProgress, signal });
  } finally {
    await embedder?.release();
  }
  const { images, unusable, embeddings } = survey;
  if (images.length + unusable.length + unlisted.length === 0)
    throw new ImagekinError('empty-source', {
      where: source,
      expected: 'at least one image file',
      got: 'none',
      fix: 'check the path, or put image files there',
    });

  const near =
    embeddings &&
    (await neighbourhoods(embeddings, embedder!.dimension, limits.k + spareNeighbours, { threads, signal }));
  const kinship = await PictureKinship.among(
    images.map(({ print }) => print),
    limits.nearDistance,
    near && nearestPairs(near),
    {
      onProgress: (done) =>
        onProgress?.({ task: 'comparing pictures', done, total: images.length, unit: 'images' }),
      signal,
    },
  );
  const order = keepingOrder(images);
  const suspected = near ? suspectedLabels(images, near, kinship, limits) : null;
  let check: DataCheck = {
    source,
    images: images.length + unusable.length + unlisted.length,
    checked: images.length,
    classes: new Set([...images, ...unusable].map(({ listed }) => listed.label).filter(Boolean)).size,
    corrupt: [...unlisted, ...unusable.filter(({ empty }) => !empty).map(unusableFile)],
    empty: unusable.filter(({ empty }) => empty).map(unusableFile),
    exactDuplicates: exactDuplicates(images),
    nearDuplicates: nearDuplicates(images, kinship, order),
    leaks: leaks(images, kinship),
    smallClasses: smallClasses(images, unusable, limits.minImages),
    suspectedLabels: suspected,
    outliers: near ? outliers(images, near, kinship, limits) : null,
    model: model ?? null,
    limits,
    report: null,
    manifest: null,
    removed: null,
    seconds: 0,
  };
  if (fix !== undefined) {
    const { kept, removed } = cleaning(images, unusable, kinship, order);
    await writeFileAtomic(fix, manifestCsv(images, kept, suspected ?? [], fix));
    check = { ...check, manifest: fix, removed };
  }
  if (report !== undefined) {
    const byPath = new Map(images.map((image) => [locationName(image.listed.location), image]));
    const made = await dataCheckReport(check, { images: byPath, pool, command, signal });
    check = { ...check, report: (await writeReport(report, made)).page };
  }
  return { ...check, seconds: (performance.now() - startedMs) / 1000 };
}

function unusableFile({ listed, reason }: UnusableImage): UnusableFile {
  return { path: locationName(listed.location), reason };
}

function definedOf<T extends object>(values: T | undefined): Partial<T> {
  return Object.fromEntries(
    Object.entries(values ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}

/**
 * The same images, once it is sure that what is written touches none of them: a manifest takes the place of no image,
 * and the pictures of a page do not come to lie among the images, to be found as such the next time.
 */
async function* keepingClear(
  listing: Listing,
  { report, fix }: Pick<CheckDataOptions, 'report' | 'fix'>,
): AsyncGenerator<ListedImage> {
  const reportPath = report === undefined ? undefined : resolve(report);
  const fixPath = fix === undefined ? undefined : resolve(fix);
  for await (const image of listing) {
    const file = typeof image.location === 'string' ? image.location : image.location.archive;
    const path = resolve(file);
    if (path === fixPath)
      throw new ImagekinError('wrong-usage', {
        where: '--fix',
        expected: 'a file of its own',
        got: `${fix}, which holds images of the source`,
        fix: 'name another file',
      });
    if (fixPath !== undefined && typeof image.location !== 'string')
      throw new ImagekinError('wrong-usage', {
        where: '--fix',
        expected: 'images that are files, which a manifest can name',
        got: `an archive: ${file}`,
        fix: 'unpack it and check the folder',
      });
    if (reportPath !== undefined && (dirname(path) + sep).startsWith(reportPath + sep))
      throw new ImagekinError('wrong-usage', {
        where: '--report',
        expected: 'a directory that holds no images of the source',
        got: `${report}, which holds ${image.id}`,
        fix: 'name another directory',
      });
    yield image;
  }
}
