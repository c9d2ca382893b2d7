import type { ConfusionPairs, ConfusionQuery } from '../../../api/index.js';
import type { Collection } from '../../../collection/collection.js';
import type { ServiceContext, ServiceMethod } from '../context.js';
import { notComputed, readBeside } from '../derived/derived-state.js';
import { type Neighbours, readNeighbours } from '../derived/neighbours-file.js';
import { evaluationFile } from '../derived/stored-evaluation.js';
import { summariesOf } from '../image-summary.js';
import { kept } from '../kept.js';

/**
 * The images behind a cell of the confusion matrix, by the labels that they had when it was made. Pairs of which an image is gone
 * are left out.
 * @throws `not-computed`
 */
export const confusionPairs: ServiceMethod<ConfusionQuery, ConfusionPairs> = async (
  context,
  { of, as, offset = 0, limit = 50 },
) => {
  const { collection } = context;
  const { neighbours, change } = await kept(context, readNeighboursOf).read();
  const { ids, nearest, scores, labels, nearestLabels, classNames } = neighbours;
  const [row, column] = [classNames.indexOf(of), classNames.indexOf(as)];
  const found: number[] = [];
  const gone = goneSince(collection, change);
  let total = 0;
  if (row >= 0 && column >= 0)
    for (let at = 0; at < ids.length; at++) {
      if (labels[at] !== row || nearestLabels[at] !== column) continue;
      if (gone.size > 0 && (gone.has(ids[at]!) || gone.has(nearest[at]!))) continue;
      if (total >= offset && found.length < limit) found.push(at);
      total++;
    }
  const summaries = summariesOf(
    collection,
    found.flatMap((at) => [ids[at]!, nearest[at]!]),
  );
  return {
    total,
    offset,
    pairs: found.flatMap((at) => {
      const [image, other] = [summaries.get(ids[at]!), summaries.get(nearest[at]!)];
      return image && other ? [{ image, nearest: other, score: scores[at]! }] : [];
    }),
  };
};

interface Read {
  readonly neighbours: Neighbours;
  /** The collection's number of the moment that they are of. */
  readonly change: number;
}

/** The neighbours that were read last, as one cell after the other is asked for. */
class ReadNeighbours {
  #last: (Read & { readonly beside: string }) | undefined;

  constructor(private readonly context: Pick<ServiceContext, 'name' | 'directory'>) {}

  /** @throws `not-computed` */
  async read(): Promise<Read> {
    const { name, directory } = this.context;
    const last = this.#last;
    const found = await readBeside(directory, evaluationFile, (beside) => beside === last?.beside);
    if (last && found?.bytes === null) return last;
    const neighbours = found?.bytes && readNeighbours(found.bytes);
    if (!found || !neighbours) throw notComputed(name, 'evaluate');
    const { beside, origin } = found;
    this.#last = { beside, neighbours, change: origin.change };
    return this.#last;
  }
}

function readNeighboursOf(context: ServiceContext): ReadNeighbours {
  return new ReadNeighbours(context);
}

function goneSince({ catalog }: Collection, change: number): Set<number> {
  return new Set(
    catalog.db.json<number>(
      'image',
      `changes WHERE change > ? AND NOT EXISTS
         (SELECT 1 FROM images WHERE images.id = changes.image AND missing_since IS NULL)`,
      change,
    ),
  );
}
