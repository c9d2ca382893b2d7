import { basename, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Collection } from '../../collection/collection.js';
import { printable } from '../../core/printable.js';
import type { OnProgress } from '../../core/progress.js';
import { decodeImage } from '../../image/decode.js';
import { groupMap } from '../../report/charts/group-map.js';
import { renderFigure } from '../../report/figure.js';
import { type MapPageGroup, mapPage } from '../../report/map-page.js';
import { pageThumbnail } from '../../report/page-thumbnail.js';
import { commonFolder } from '../common-folder.js';
import type { MapCluster, MapColouring, MappedImage, MapResult } from './map-result.js';

/** Labels that have a colour of their own; the others are together. */
const mostLabels = 60;

/** Pictures that a page may hold, in bytes: more and it would take seconds to open. */
const mostThumbnailBytes = 16e6;
const thumbnailPx = 160;

/** A cluster has the name of a label that most of its images have. */
function nameOf({ cluster, label, labelShare }: MapCluster): string {
  return label !== null && labelShare! >= 0.5 ? printable(label) : `cluster ${cluster}`;
}

function detailOf({ images, label, labelShare }: MapCluster): string {
  const counted = imagesText(images);
  return label !== null && labelShare! >= 0.5
    ? `${counted}, ${Math.round(100 * labelShare!)} % of this label`
    : counted;
}

function imagesText(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'image' : 'images'}`;
}

/** The labels of images, the commonest first, and for each image the place of its own; −1 of those without. */
function labelsOf(images: readonly MappedImage[]) {
  const counts = new Map<string, number>();
  for (const { label } of images) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  const all = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = all.slice(0, all.length > mostLabels ? mostLabels - 1 : mostLabels);
  const rank = new Map(shown.map(([label], i) => [label, i]));
  const rest = all.slice(shown.length);
  const groups = [
    ...shown.map(([label, count]) => ({ name: printable(label), detail: imagesText(count) })),
    ...(rest.length > 0
      ? [
          {
            name: `${rest.length.toLocaleString('en')} other labels`,
            detail: imagesText(rest.reduce((sum, [, count]) => sum + count, 0)),
          },
        ]
      : []),
  ];
  const of = Int32Array.from(images, ({ label }) =>
    label === null ? -1 : (rank.get(label) ?? shown.length),
  );
  return { groups, of };
}

function leadOf({ images, clusters, outliers }: MapResult): string {
  const parts = [imagesText(images), `${clusters.length} ${clusters.length === 1 ? 'cluster' : 'clusters'}`];
  if (outliers.length > 0)
    parts.push(`${outliers.length.toLocaleString('en')} ${outliers.length === 1 ? 'outlier' : 'outliers'}`);
  return parts.join(' · ');
}

/** The map as a PNG file. */
export async function drawMap(
  result: MapResult,
  images: readonly MappedImage[],
  { catalog }: Collection,
  colourBy: MapColouring,
): Promise<Uint8Array> {
  const rowOf = new Map(images.map(({ id }, row) => [id, row]));
  const pictureOf = async (id: number) => {
    const thumbnail = catalog.previews.thumbnail(id);
    return thumbnail && (await decodeImage(thumbnail).catch(() => undefined));
  };
  const labels = labelsOf(images);
  const byLabel = colourBy === 'label' && labels.groups.length > 0;
  const groups = byLabel
    ? labels.groups
    : await Promise.all(
        result.clusters.map(async (cluster) => {
          const { x, y } = images[rowOf.get(cluster.medoid.id)!]!;
          const image = await pictureOf(cluster.medoid.id);
          return {
            name: nameOf(cluster),
            detail: detailOf(cluster),
            at: [x, y] as const,
            ...(image && { image }),
          };
        }),
      );
  const number = new Map(result.clusters.map(({ cluster }, i) => [cluster, i]));
  const figure = await groupMap({
    title: `Map of ${printable(basename(result.collection))}`,
    subtitle: `${leadOf(result)} · near images are alike`,
    x: Float64Array.from(images, ({ x }) => x),
    y: Float64Array.from(images, ({ y }) => y),
    groupOf: byLabel ? labels.of : Int32Array.from(images, ({ cluster }) => number.get(cluster)!),
    groups,
    marked: result.outliers.map(({ id }) => rowOf.get(id)!),
    markedAs: 'like no other: an outlier',
  });
  return renderFigure(figure);
}

export interface MapPageFacts {
  readonly command: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** The map as a page. */
export async function mapPageOf(
  result: MapResult,
  images: readonly MappedImage[],
  collection: Collection,
  { command, onProgress, signal }: MapPageFacts,
): Promise<string> {
  const rowOf = new Map(images.map(({ id }, row) => [id, row]));
  const number = new Map(result.clusters.map(({ cluster }, i) => [cluster, i]));
  const files = images.filter(({ isFile }) => isFile);
  const folder = commonFolder(files.map(({ path }) => path));
  const root = folder.endsWith(sep) ? folder : `${folder}${sep}`;
  const labels = labelsOf(images);
  const medoids = result.clusters.map(({ medoid }) => rowOf.get(medoid.id)!);
  const outliers = result.outliers.map(({ id }) => rowOf.get(id)!);
  const groups = result.clusters.map(
    (cluster, i): MapPageGroup => ({ name: nameOf(cluster), detail: detailOf(cluster), medoid: medoids[i]! }),
  );
  const first = [...new Set([...medoids, ...outliers])];
  const thumbnails = await thumbnailsOf(first, images, collection, onProgress, signal);
  return mapPage({
    title: `Map of ${printable(basename(result.collection))}`,
    lead: leadOf(result),
    notes: [
      `Places by UMAP from the ${result.laidOut < result.images ? `exact neighbours of ${result.laidOut.toLocaleString('en')} images, the others placed among them` : 'exact nearest neighbours'}, in vectors of ${printable(result.model)}; only nearness means anything, not the axes.`,
      `Neighbours on the map are neighbours indeed: trustworthiness ${result.trustworthiness.toFixed(3)} of 1.`,
      `Seed ${result.seed}.${thumbnails.size < images.length ? ` The page holds pictures of ${thumbnails.size.toLocaleString('en')} images; the others are read from their files, where these can be reached.` : ''}`,
    ],
    command,
    x: Float64Array.from(images, ({ x }) => x),
    y: Float64Array.from(images, ({ y }) => y),
    paths: images.map(({ path }) =>
      (path.startsWith(root) ? path.slice(root.length) : path).replaceAll(sep, '/'),
    ),
    base: files.length === 0 ? null : slashed(pathToFileURL(root).href),
    noFile: [...images.keys()].filter((row) => !images[row]!.isFile),
    groups,
    groupOf: Int32Array.from(images, ({ cluster }) => number.get(cluster)!),
    ...(labels.groups.length > 0 && {
      labels: { groups: labels.groups.map((group) => ({ ...group, medoid: -1 })), of: labels.of },
    }),
    outliers,
    thumbnails,
  });
}

function slashed(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

/** Small pictures of images until there is no more room: first of those that stand for others, then in their order. */
async function thumbnailsOf(
  first: readonly number[],
  images: readonly MappedImage[],
  { catalog }: Collection,
  onProgress: OnProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<Map<number, Uint8Array>> {
  const found = new Map<number, Uint8Array>();
  let bytes = 0;
  const early = new Set(first);
  const order = [...first, ...[...images.keys()].filter((row) => !early.has(row))];
  for (const [done, row] of order.entries()) {
    if (bytes >= mostThumbnailBytes) break;
    signal?.throwIfAborted();
    if (done % 50 === 0)
      onProgress?.({ task: 'pictures for the page', done, total: order.length, unit: 'images' });
    const thumbnail = catalog.previews.thumbnail(images[row]!.id);
    const small = thumbnail && (await pageThumbnail(thumbnail, thumbnailPx));
    if (!small) continue;
    found.set(row, small);
    bytes += small.length;
  }
  return found;
}
