import type { BackboneFlags } from '../../app/backbone-flags.js';
import type { CollectionAnswer } from '../../app/collection/search/collection-answer.js';
import type { FoldRule } from '../../app/collection/search/collection-searcher.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { formatCounted } from '../quantities.js';
import type { Outcome, Session } from '../session.js';
import { textTable } from '../text-table.js';

/** Flags that only the search of a collection has. */
export interface CollectionSearchFlags {
  readonly filter?: readonly string[];
  readonly unlike?: readonly string[];
  readonly together?: boolean;
  readonly crop?: string;
  readonly page?: number;
  readonly offset?: number;
  readonly minScore?: number;
  readonly diversity?: number;
  /** `false` of --no-fold, `true` where no threshold is given. */
  readonly fold?: boolean | number;
  readonly jsonl?: boolean;
}

interface Flags extends CollectionSearchFlags {
  readonly model?: string;
  readonly k: number;
  readonly minProbability?: number;
  readonly sheet?: string;
  readonly json?: boolean;
  readonly threads?: number;
  readonly device?: 'cpu' | 'webgpu' | 'cuda';
  readonly backbone?: BackboneFlags;
}

/** So near that most models give it to nothing but copies in other sizes and qualities. */
const defaultFold = 0.98;

export async function searchInCollection(
  collection: string,
  queries: readonly string[],
  flags: Flags,
  session: Session,
): Promise<Outcome> {
  const fromStdin = queries.length === 1 && queries[0] === '-';
  const written = flags.jsonl ? jsonLine : fromStdin && !flags.json ? answerTable : undefined;
  let answers = 0;
  let last: CollectionAnswer | undefined;
  const result = await runInWorker('searchCollection', {
    collection,
    queries,
    model: flags.model,
    backbone: flags.backbone,
    unlike: flags.unlike,
    together: flags.together,
    crop: flags.crop,
    where: flags.filter,
    k: flags.k,
    page: flags.page,
    offset: flags.offset,
    minScore: flags.minScore,
    minProbability: flags.minProbability,
    diversity: flags.diversity,
    fold: foldOf(flags.fold),
    sheet: flags.sheet,
    threads: flags.threads,
    device: flags.device,
    keepAnswers: written === undefined || flags.sheet !== undefined,
    onAnswer(answer) {
      if (answer.error === undefined) answers++;
      last = answer;
      if (written) process.stdout.write(written(answer));
    },
    onProgress: session.onProgress,
    signal: session.signal,
  });
  for (const hint of result.hints) session.note(hint);
  if (last && answers > 0)
    session.note(`searched ${formatCounted(last.searched, 'image')} of ${result.collection}`);
  const isMore = answers === 1 && last?.more;
  const none = answers === 1 && last?.hits.length === 0 && noneText(last, flags);
  return {
    document: result,
    text: written ? '' : answersTable(result.results),
    pictures: result.sheet === null ? [] : [result.sheet],
    skipped: result.skipped,
    hints: [
      ...(none ? [none] : []),
      ...(isMore && !written ? [`more: --page ${Math.floor(result.offset / result.k) + 2}`] : []),
      ...(result.sheet === null ? [] : [`wrote ${result.sheet}`]),
    ],
  };
}

/** Why a table is empty. */
function noneText(
  { searched }: CollectionAnswer,
  { filter, page, offset, minScore, minProbability }: Flags,
): string {
  if (searched === 0) return filter === undefined ? 'there are no images' : 'the filter leaves no image';
  if (page !== undefined || offset !== undefined) return 'there are no more results';
  return minScore === undefined && minProbability === undefined
    ? 'there are no other images'
    : 'no image is so near';
}

function foldOf(fold: boolean | number | undefined): FoldRule {
  if (fold === false) return 'none';
  return fold === true ? defaultFold : (fold ?? 'copies');
}

function jsonLine(answer: CollectionAnswer): string {
  return `${JSON.stringify(answer)}\n`;
}

function answerTable(answer: CollectionAnswer): string {
  return answer.error === undefined ? answersTable([answer]) : '';
}

/** One table for all queries, so that a line says everything when it is cut out by grep. */
function answersTable(answers: readonly CollectionAnswer[]): string {
  const hits = answers.flatMap((answer) => answer.hits);
  const calibrated = hits.some(({ probability }) => probability !== undefined);
  const folded = hits.some(({ alike }) => alike.length > 0);
  return textTable(
    [
      { title: 'query' },
      { title: 'rank', align: 'right' },
      { title: 'score', align: 'right' },
      ...(calibrated ? [{ title: 'probability', align: 'right' as const }] : []),
      { title: 'id', align: 'right' },
      { title: 'label' },
      ...(folded ? [{ title: 'alike', align: 'right' as const }] : []),
      { title: 'image' },
    ],
    answers.flatMap((answer) =>
      answer.hits.map(({ rank, score, probability, id, label, alike, path }) => [
        answer.query,
        String(rank),
        score.toFixed(4),
        ...(calibrated ? [probability?.toFixed(3) ?? ''] : []),
        String(id),
        label ?? '',
        ...(folded ? [alike.length === 0 ? '' : `+${alike.length}`] : []),
        path,
      ]),
    ),
  );
}
