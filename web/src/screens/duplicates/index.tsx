import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { api, type DuplicateGroup, type Job } from '../../api.js';
import { DerivedBanner, type DerivedJob, DerivedMissing, useDerivedJob } from '../../jobs/derived.js';
import { useShortcuts } from '../../keyboard.js';
import { choice, flag, optionalNumber, param } from '../../params.js';
import { collection, navigate } from '../../router.js';
import { isActive, jobsHere, noteJob, onJobEnd } from '../../state/jobs.js';
import { mayChange } from '../../state/session.js';
import { confirm } from '../../ui/dialog.js';
import { bytes, count, counted } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { ScreenHead } from '../../ui/screen.js';
import { Segments } from '../../ui/segments.js';
import { Empty, ProblemState } from '../../ui/states.js';
import { announce, toast, toastFailure } from '../../ui/toast.js';
import { Compare } from './compare.js';
import { type Decision, keepAll, keepBest, toggled } from './decisions.js';
import { GroupList } from './group-list.js';
import { fitted, type LinkedZoom, zoomedAt } from './linked-zoom.js';
import { Review } from './review.js';
import { restore, TrashDialog } from './trash-dialog.js';
import './duplicates.css';

const kind = param('kind', choice(['all', 'exact', 'near']));
/** Which group is shown, counted from 1. */
const place = param('at', optionalNumber(1, 1e9, 0));
const trashOpen = param('trash', flag);

/** Copies, one group after the other: which to keep, and which to move away. */
export default function DuplicatesScreen() {
  const wantedKind = kind.value;
  const review = useMemo(() => new Review(collection.peek(), wantedKind), [wantedKind]);
  useEffect(() => () => review.dispose(), [review]);
  const job = useDerivedJob('duplicates', () => void review.reload().catch(toastFailure));
  useMovedFiles(review);
  const figures = review.figures.value;
  const failure = review.groups.failure.value;
  const isMade = figures && figures.state !== 'missing';
  const moving = jobsHere.value.some((each) => each.kind === 'trash' && isActive(each));
  return (
    <>
      <ScreenHead
        title="Duplicates"
        about={
          isMade && figures.total > 0 && `${count(review.decided.value)} of ${count(figures.total)} decided`
        }
      >
        {isMade && (
          <Segments
            label="Kind of copies"
            choices={[
              { value: 'all', name: 'All' },
              { value: 'exact', name: 'Exact' },
              { value: 'near', name: 'Near' },
            ]}
            value={wantedKind}
            onChange={(value) => {
              place.set(undefined, { replace: true });
              kind.set(value);
            }}
          />
        )}
        {isMade && mayChange() && figures.toTrash > 0 && (
          <button
            type="button"
            class="button primary"
            disabled={moving}
            onClick={() => void moveAway(figures)}
          >
            <Icon name="trash" />
            {moving ? 'Moving …' : `Move ${counted(figures.toTrash, 'file')} to the trash`}
          </button>
        )}
        <button
          type="button"
          class="button quiet icon-only"
          aria-label="Trash"
          title="What was moved away"
          onClick={() => trashOpen.set(true, { replace: true })}
        >
          <Icon name="trash" />
        </button>
      </ScreenHead>
      {isMade && figures.total > 0 && (
        <progress
          class="review-progress"
          max={figures.total}
          value={review.decided.value}
          aria-label="Groups that are decided"
        />
      )}
      {isMade && <DerivedBanner job={job} state={figures.state} computedAt={figures.computedAt} />}
      {failure && !figures && <ProblemState failure={failure} onRetry={() => review.groups.retry()} />}
      {figures && <Content review={review} job={job} />}
      {trashOpen.value && <TrashDialog onClose={() => trashOpen.set(false, { replace: true })} />}
    </>
  );
}

function Content({ review, job }: { readonly review: Review; readonly job: DerivedJob }) {
  const { state, total } = review.figures.value!;
  if (state === 'missing') {
    return (
      <DerivedMissing job={job} icon="copies" title="Not looked for yet" action="Look for duplicates">
        <p>
          Finds files of the same bytes, and pictures that are nearly the same: scaled, compressed again, or
          slightly changed. Nothing is moved before you say so.
        </p>
      </DerivedMissing>
    );
  }
  if (total === 0) {
    return (
      <Empty icon="check" title={kind.value === 'all' ? 'No duplicates' : 'None of this kind'}>
        <p>
          {kind.value === 'all'
            ? 'No image of the collection is there twice.'
            : 'There may be duplicates of the other kind.'}
        </p>
      </Empty>
    );
  }
  return <ReviewView review={review} total={total} />;
}

function ReviewView({ review, total }: { readonly review: Review; readonly total: number }) {
  const at = Math.min(total, place.value ?? 1) - 1;
  review.groups.version.value;
  const group = review.groups.at(at);
  const zoom = useSignal<LinkedZoom>(fitted);
  const [difference, setDifference] = useState(false);
  useEffect(() => {
    zoom.value = fitted;
    review.groups.need(at, Math.min(total, at + 2));
  }, [at, review]);
  const title = group ? titleOf(group, at, total) : `Group ${at + 1} of ${count(total)}`;
  useEffect(() => announce(title), [title]);

  const go = (to: number) => {
    if (to < 0 || to >= total) return;
    place.set(to === 0 ? undefined : to + 1, { replace: true });
  };
  const decide = (make: (group: DuplicateGroup) => readonly Decision[], goOn = false) => {
    if (!group || !mayChange()) return;
    review.decide(at, make(group));
    if (!goOn) return;
    const next = review.nextOpen(at);
    if (next === undefined) announce('All groups are decided');
    else go(next);
  };
  const undo = () => {
    const of = review.undo(at);
    if (of === undefined) toast('There is nothing to take back');
    else go(of);
  };
  useShortcuts([
    {
      keys: ['ArrowRight', 'ArrowDown', 'j'],
      does: 'Next group',
      section: 'Duplicates',
      run: () => go(at + 1),
    },
    {
      keys: ['ArrowLeft', 'ArrowUp', 'k'],
      does: 'Group before',
      section: 'Duplicates',
      run: () => go(at - 1),
    },
    {
      keys: ['n'],
      does: 'Next group that is not decided',
      section: 'Duplicates',
      run: () => go(review.nextOpen(at) ?? at),
    },
    {
      keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
      does: 'Keep or trash that copy',
      section: 'Duplicates',
      run: ({ key }) => decide((shown) => toggled(shown, Number(key) - 1)),
    },
    {
      keys: ['a'],
      does: 'Keep the best, trash the others, go on',
      section: 'Duplicates',
      run: () => decide(keepBest, true),
    },
    { keys: ['e'], does: 'Keep every one, go on', section: 'Duplicates', run: () => decide(keepAll, true) },
    { keys: ['u', 'Ctrl+z'], does: 'Take the last decision back', section: 'Duplicates', run: undo },
    {
      keys: ['d'],
      does: 'Show what differs',
      section: 'Duplicates',
      run: () => setDifference(!difference),
    },
    {
      keys: ['+', '=', '-', '0'],
      does: 'Zoom in, out, fit',
      section: 'Duplicates',
      run: ({ key }) => {
        zoom.value = key === '0' ? fitted : zoomedAt(zoom.value, key === '-' ? 1 / 1.5 : 1.5);
      },
    },
  ]);

  return (
    <div class="review">
      <GroupList groups={review.groups} shown={at} onShow={go} />
      <section class="review-group" aria-label={title}>
        <header class="review-head">
          <h2>{title}</h2>
          <div class="review-tools">
            <button
              type="button"
              class="button"
              disabled={at === 0}
              onClick={() => go(at - 1)}
              title="Before (k)"
            >
              <Icon name="left" />
              <span class="unseen">Group before</span>
            </button>
            <button
              type="button"
              class="button"
              disabled={at === total - 1}
              onClick={() => go(at + 1)}
              title="Next (j)"
            >
              <Icon name="right" />
              <span class="unseen">Next group</span>
            </button>
            <button
              type="button"
              class="button quiet"
              aria-pressed={difference}
              title="Lay the best over the others (d)"
              onClick={() => setDifference(!difference)}
            >
              Difference
            </button>
            {mayChange() && (
              <>
                <button
                  type="button"
                  class="button quiet"
                  disabled={review.undoable.value === 0 && !group?.images.some(({ decision }) => decision)}
                  onClick={undo}
                  title="Take the last decision back (u)"
                >
                  <Icon name="undo" /> Undo
                </button>
                <button
                  type="button"
                  class="button"
                  onClick={() => decide(keepAll, true)}
                  title="Keep every one (e)"
                >
                  Keep all
                </button>
                <button
                  type="button"
                  class="button primary"
                  onClick={() => decide(keepBest, true)}
                  title="Keep the best and trash the others (a)"
                >
                  Keep best
                </button>
              </>
            )}
          </div>
        </header>
        {group ? (
          <Compare
            key={group.key}
            group={group}
            zoom={zoom}
            difference={difference}
            mayDecide={mayChange()}
            onDecide={(index, decision) => decide((shown) => [{ id: shown.images[index]!.id, decision }])}
          />
        ) : (
          <div class="skeleton pulsing compare-waiting" />
        )}
      </section>
    </div>
  );
}

function titleOf({ kind: of, images, distance }: DuplicateGroup, at: number, total: number): string {
  const what = of === 'exact' ? 'exact copies' : distance === 0 ? 'of the same picture' : 'nearly the same';
  return `Group ${count(at + 1)} of ${count(total)}: ${images.length} ${what}`;
}

/** Says what would be moved where, and starts it if that is wanted. */
async function moveAway({ toTrash, toTrashBytes }: { toTrash: number; toTrashBytes: number }): Promise<void> {
  const here = collection.peek();
  try {
    const { folder } = await api.trash(here);
    const yes = await confirm({
      title: `Move ${counted(toTrash, 'file')} to the trash?`,
      text: (
        <>
          <p>
            {counted(toTrash, 'file')} that you decided to be trash, {bytes(toTrashBytes)} in all, are moved
            from where they are to
          </p>
          <p>
            <code class="trash-folder">{folder}</code>
          </p>
          <p class="muted">
            They leave the collection. Nothing is deleted: the trash puts them back with one click.
          </p>
        </>
      ),
      action: 'Move to the trash',
      danger: true,
    });
    if (yes) noteJob(await api.startJob(here, { kind: 'trash' }));
  } catch (error) {
    toastFailure(error);
  }
}

/** When files were moved away or put back: says so, and loads what is left. */
function useMovedFiles(review: Review): void {
  useEffect(
    () =>
      onJobEnd((job) => {
        if (job.collection !== collection.peek() || (job.kind !== 'trash' && job.kind !== 'restore')) return;
        void review.movedAway().catch(toastFailure);
        tellMoved(job);
      }),
    [review],
  );
}

function tellMoved({ kind: of, collection: where, state, result, failures, problem }: Job): void {
  const why = { label: 'See why', run: () => navigate({ screen: 'jobs' }) };
  if (problem) toast(problem.detail, { tone: 'bad', action: why });
  else if (failures > 0) {
    const done = of === 'trash' ? 'moved' : 'put back';
    toast(`${counted(failures, 'file')} could not be ${done}`, { tone: 'bad', action: why });
  }
  const files = Number((of === 'trash' ? result?.files : result?.putBack) ?? 0);
  if (state !== 'done' || files === 0) return;
  if (of === 'restore') toast(`${counted(files, 'file')} put back`);
  else {
    const batch = result?.batch;
    toast(`${counted(files, 'file')} moved to the trash`, {
      action: typeof batch === 'string' ? { label: 'Restore', run: () => restore(where, batch) } : undefined,
    });
  }
}
