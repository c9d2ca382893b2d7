import { availableParallelism, cpus } from 'node:os';
import { emojiAttributions } from '../data/emoji-sets.js';
import { classCounts, type LabelledImages } from '../data/labelled-images.js';
import { confusionRows } from '../evaluation/confusion-matrix.js';
import { confusionHeatMap, mostHeatMapClasses } from '../report/charts/confusion-heat-map.js';
import { lossCurve } from '../report/charts/loss-curve.js';
import { confusedPairs } from '../report/confused-pairs.js';
import { neighbourCollage } from '../report/neighbour-collage.js';
import type { Attribution, Fact, KeyFigure, Report, ReportBlock, ReportSection } from '../report/report.js';
import type { EvaluateResult, Measured } from './measure-model.js';
import { clusterRows, metricDefinitions, metricRows } from './metric-rows.js';
import { imagesAt } from './thumbnails.js';

/** The page for one evaluation. */
export async function evaluationReport(
  measured: Measured,
  { command }: { readonly command: string },
): Promise<Report> {
  const { result, images, model } = measured;
  const { recipe, training } = model.metadata;
  return {
    title: `${result.source}, by ${recipe.name}`,
    lead: `${result.images.toLocaleString('en')} images, each asked for its nearest neighbours ${
      result.gallery === null
        ? 'among all others'
        : `in ${result.gallery}, of ${result.evaluation.searched.toLocaleString('en')}`
    }.`,
    keyFigures: keyFigures(result),
    sections: [
      ...(await evaluationSections(measured)),
      ...(training.lossByEpoch.length > 0 ? [trainingSection(training.lossByEpoch)] : []),
    ],
    facts: modelFacts(measured),
    command,
    attributions: await attributionsOf(images),
    madeAt: new Date(),
  };
}

export function keyFigures({ evaluation, baseline }: EvaluateResult): KeyFigure[] {
  const floor = (value: number | undefined) =>
    value === undefined ? {} : { floor: { label: 'raw 16×16 pixels', value } };
  const figure = (key: keyof typeof metricDefinitions, value: number, rest: Partial<KeyFigure> = {}) => {
    const { name, formula } = metricDefinitions[key];
    return { label: name, value, formula, ...rest };
  };
  return [
    figure('precisionAt1', evaluation.precisionAt1, floor(baseline?.precisionAt1)),
    figure('rPrecision', evaluation.rPrecision, floor(baseline?.rPrecision)),
    figure('mapAtR', evaluation.mapAtR),
    ...(evaluation.knnAccuracy === null ? [] : [figure('knnAccuracy', evaluation.knnAccuracy)]),
  ];
}

export function trainingSection(lossByEpoch: readonly number[]): ReportSection {
  return {
    title: 'Training',
    blocks: [{ kind: 'figure', figure: lossCurve({ lossPerEpoch: lossByEpoch }), file: 'loss.png' }],
  };
}

/** Neighbours, confusion, confused pairs and the table of all figures. */
export async function evaluationSections(measured: Measured): Promise<ReportSection[]> {
  const { result } = measured;
  return [
    {
      title: 'Near neighbours',
      text: `At the left a query, then its nearest other images. A green border marks the class of the query.${howManyCanBeRight(measured)}`,
      blocks: [await neighbourBlock(measured)],
    },
    { title: 'Confusion', blocks: await confusionBlocks(measured) },
    ...comparisonSections(result),
    { title: 'Figures', blocks: [figuresTable(result), classTable(result)] },
  ];
}

/** Says so where a class has fewer other images than are shown: most of a row is wrong then, whatever the model. */
function howManyCanBeRight({ images, gallery }: Measured): string {
  const others = Math.max(...classCounts(gallery)) - (gallery === images ? 1 : 0);
  return others < 10
    ? ` No class has more than ${others} other images, so at most ${others} of 10 can be right.`
    : '';
}

async function neighbourBlock({ result: { evaluation }, images, gallery }: Measured): Promise<ReportBlock> {
  const classOf = (set: LabelledImages, index: number) => set.classNames[set.labels[index]!]!;
  const rows = await Promise.all(
    evaluation.examples.map(async ({ query, neighbours, scores }) => {
      const [first] = await imagesAt(images, [query]);
      const others = await imagesAt(gallery, neighbours);
      const className = classOf(images, query);
      return {
        query: { image: first!, caption: className, id: images.id(query) },
        neighbours: others.map((image, i) => ({
          image,
          caption: classOf(gallery, neighbours[i]!),
          detail: scores[i]!.toFixed(3),
          verdict: classOf(gallery, neighbours[i]!) === className ? ('same' as const) : ('other' as const),
          id: gallery.id(neighbours[i]!),
        })),
      };
    }),
  );
  return { kind: 'figure', figure: await neighbourCollage(rows), file: 'neighbours.png' };
}

async function confusionBlocks({
  result: { evaluation },
  images,
  gallery,
}: Measured): Promise<ReportBlock[]> {
  const { classNames } = evaluation;
  const blocks: ReportBlock[] = [];
  if (classNames.length <= mostHeatMapClasses) {
    const first = evaluation.confusionOfFirstTen;
    blocks.push(
      {
        kind: 'figure',
        figure: confusionHeatMap({ classNames, rows: confusionRows(evaluation.confusion) }),
        file: 'confusion.png',
        caption: `Every image's ${evaluation.confusion.neighboursPerQuery} nearest.`,
      },
      {
        kind: 'figure',
        figure: confusionHeatMap({
          classNames,
          rows: confusionRows(first),
          title: 'Confusion matrix, first ten',
        }),
        file: 'confusion-first-ten.png',
        caption: `The ${first.neighboursPerQuery} nearest of the first 10 images of each class: the form of the Keras example.`,
      },
    );
  }
  const pairs = await Promise.all(
    evaluation.mostConfusedPairs.map(async ({ closest, share }) => {
      const tile = async (set: LabelledImages, index: number) => ({
        image: (await imagesAt(set, [index]))[0]!,
        caption: set.classNames[set.labels[index]!]!,
        id: set.id(index),
      });
      return {
        tiles: [await tile(images, closest.query), await tile(gallery, closest.neighbour)] as const,
        note: `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} % of neighbours`,
      };
    }),
  );
  if (pairs.length > 0) {
    const figure = await confusedPairs(pairs, {
      title: 'Most confused classes',
      subtitle: 'Their closest images, and how many of their neighbours are of the other class.',
    });
    blocks.push({ kind: 'figure', figure, file: 'confused-pairs.png' });
  }
  return blocks;
}

/** A second model beside the first, where there is one. */
function comparisonSections({ model, evaluation, comparison }: EvaluateResult): ReportSection[] {
  if (comparison === null) return [];
  const { evaluation: second, differences } = comparison;
  return [
    {
      title: 'Comparison',
      text: `${model} and ${comparison.model}, asked the same queries. A difference whose interval holds 0 may be an accident of the queries.`,
      blocks: [
        {
          kind: 'table',
          columns: ['metric', 'first', 'second', 'difference', 'from', 'to', 'p'],
          rows: metricRows(evaluation).map((row) => {
            const difference = differences && row.of(differences);
            return [
              row.name,
              decimal(row.of(evaluation)),
              decimal(row.of(second)),
              decimal(row.of(second)! - row.of(evaluation)!),
              ...(difference
                ? [decimal(difference.low), decimal(difference.high), decimal(difference.p)]
                : [null, null, null]),
            ];
          }),
        },
      ],
    },
  ];
}

function figuresTable({ evaluation, gallery }: EvaluateResult): ReportBlock {
  const { intervals, macro } = evaluation;
  const how = gallery === null ? 'Leave-one-out' : `In ${gallery},`;
  const left =
    evaluation.leftOut > 0 ? `; ${evaluation.leftOut} left out, no other image having their class` : '';
  const spread = intervals
    ? ` ±: half of the ${Math.round(intervals.confidence * 100)} % interval, from ${intervals.resamples.toLocaleString('en')} resamples of the queries.`
    : '';
  return {
    kind: 'table',
    caption: `${how} over ${evaluation.queries.toLocaleString('en')} queries${left}.${spread} By class: the mean over classes.`,
    columns: ['metric', 'value', '±', 'by class', 'formula', 'meaning'],
    rows: [
      ...metricRows(evaluation).map((row) => {
        const interval = intervals && row.of(intervals);
        return [
          row.name,
          decimal(row.of(evaluation)),
          interval && decimal((interval.high - interval.low) / 2),
          decimal(row.of(macro)),
          row.formula,
          row.meaning,
        ];
      }),
      ...clusterRows(evaluation).map(({ name, value, formula, meaning }) => [
        name,
        decimal(value),
        null,
        null,
        formula,
        meaning,
      ]),
    ],
  };
}

/** With no more digits than mean something. */
function decimal(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(4));
}

/** Classes that a table can hold; of more, only those that are found worst are shown. */
const mostClassRows = 40;
const worstClassRows = 12;

function classTable({ evaluation }: EvaluateResult): ReportBlock {
  const share = (value: number | null) => (value === null ? null : { share: value });
  const many = evaluation.perClass.length > mostClassRows;
  const worstFirst = [...evaluation.perClass].sort((a, b) => (a.rPrecision ?? 2) - (b.rPrecision ?? 2));
  return {
    kind: 'table',
    caption: many ? `The ${worstClassRows} classes that are found worst.` : 'By class.',
    columns: ['class', 'images', 'precision@1', 'R-precision', 'MAP@R', 'MAP', 'MRR'],
    rows: (many ? worstFirst.slice(0, worstClassRows) : evaluation.perClass).map((figures) => [
      figures.name,
      figures.images,
      share(figures.precisionAt1),
      share(figures.rPrecision),
      share(figures.mapAtR),
      share(figures.map),
      share(figures.mrr),
    ]),
  };
}

export function modelFacts({ result, model }: Measured): Fact[] {
  const { id, metadata, packageVersion, dimension, inputSize } = model;
  const { recipe, seed, data } = metadata;
  return [
    { term: 'model', value: `${result.model} (${id.slice(0, 12)})` },
    { term: 'embedding', value: `${dimension} numbers from ${inputSize.width}×${inputSize.height} pixels` },
    { term: 'recipe', value: seed === null ? String(recipe.name) : `${recipe.name}, seed ${seed}` },
    {
      term: 'trained on',
      value:
        data === null
          ? 'images that are not known here'
          : `${data.name}: ${data.images.toLocaleString('en')} images, ${data.classes.length} classes`,
    },
    { term: 'tested on', value: `${result.source}: ${result.images.toLocaleString('en')} images` },
    {
      term: 'speed',
      value: `${Math.round(result.imagesPerSecond).toLocaleString('en')} images embedded per second`,
    },
    {
      term: 'machine',
      value: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores`,
    },
    { term: 'imagekin', value: packageVersion },
  ];
}

export async function attributionsOf(images: LabelledImages): Promise<Attribution[]> {
  if (images.name.startsWith('emoji')) {
    return (await emojiAttributions()).map(({ title, author, authorUrl, licence, version }) => ({
      text: `${title} ${version} by ${author}, ${licence}`,
      url: authorUrl,
    }));
  }
  if (images.name.startsWith('cifar10')) {
    return [
      {
        text: 'CIFAR-10: A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009',
        url: 'https://www.cs.toronto.edu/~kriz/cifar.html',
      },
    ];
  }
  return [];
}
