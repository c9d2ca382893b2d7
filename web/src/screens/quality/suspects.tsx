import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api, type EvaluationSummary, thumbnailUrl } from '../../api.js';
import { collection, href } from '../../router.js';
import { contentChanged } from '../../state/collections.js';
import { mayChange } from '../../state/session.js';
import { altText, counted, fileName, percent } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { Empty } from '../../ui/states.js';
import { toast, toastFailure } from '../../ui/toast.js';
import { DismissedSuspects } from './dismissed-suspects.js';

type Suspect = EvaluationSummary['suspects'][number];

interface SuspectsProps {
  readonly suspects: readonly Suspect[];
}

const atOnce = 60;

/** Images whose neighbours have another label: each is given that label, or left as it is. */
export function Suspects({ suspects }: SuspectsProps) {
  const dismissed = useMemo(() => new DismissedSuspects(collection.peek(), localStorageIfAllowed()), []);
  const [gone, setGone] = useState<ReadonlySet<number>>(new Set());
  const [shown, setShown] = useState(atOnce);
  const list = useRef<HTMLUListElement>(null);
  const focusAt = useRef<number>(undefined);
  const open = suspects.filter((each) => !gone.has(each.id) && !dismissed.has(each.id, each.suggested));

  // The one after the one that went takes its place, so that keys go on from there.
  useEffect(() => {
    if (focusAt.current === undefined) return;
    const items = list.current?.querySelectorAll<HTMLElement>('.suspect');
    items?.[Math.min(focusAt.current, items.length - 1)]?.focus();
    focusAt.current = undefined;
  });

  const take = (id: number) => setGone((before) => new Set(before).add(id));
  const putBack = (id: number) =>
    setGone((before) => {
      const next = new Set(before);
      next.delete(id);
      return next;
    });
  const accept = async (suspect: Suspect) => {
    // Kept for the undoing, which may be clicked when another collection is shown.
    const here = collection.peek();
    take(suspect.id);
    try {
      await api.editImage(here, suspect.id, { label: suspect.suggested });
      contentChanged();
      toast(`${fileName(suspect.name)} is ${suspect.suggested} now`, {
        action: {
          label: 'Undo',
          run: () => {
            api.editImage(here, suspect.id, { label: suspect.label }).then(() => {
              contentChanged();
              putBack(suspect.id);
            }, toastFailure);
          },
        },
      });
    } catch (error) {
      putBack(suspect.id);
      toastFailure(error);
    }
  };
  const dismiss = (suspect: Suspect) => {
    dismissed.add(suspect.id, suspect.suggested);
    take(suspect.id);
    toast(`${fileName(suspect.name)} stays ${suspect.label}`, {
      action: {
        label: 'Undo',
        run: () => {
          dismissed.remove(suspect.id);
          putBack(suspect.id);
        },
      },
    });
  };

  if (open.length === 0) {
    return (
      <Empty icon="check" title="No suspected labels">
        <p>
          {suspects.length === 0
            ? 'Every image has the label that most of its nearest images have, or they do not agree.'
            : 'You have gone through all of them. Evaluate again to see what the changes did.'}
        </p>
      </Empty>
    );
  }
  return (
    <>
      <p class="muted">
        {counted(open.length, 'image')} whose nearest images mostly have another label, the surest first.
        {mayChange() && (
          <span class="key-hint">
            {' '}
            <kbd>y</kbd> gives the suggested label, <kbd>n</kbd> leaves it as it is.
          </span>
        )}
      </p>
      <ul ref={list} class="suspects" aria-label="Suspected labels">
        {open.slice(0, shown).map((suspect, index) => (
          <li
            key={suspect.id}
            class="suspect"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: one of them has the focus, so that keys know which is meant.
            tabIndex={0}
            aria-label={`${fileName(suspect.name)}: ${suspect.label ?? 'no label'}, suggested ${suspect.suggested}`}
            onKeyDown={(event) => {
              if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey)
                return;
              const items = [...list.current!.querySelectorAll<HTMLElement>('.suspect')];
              const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
              if (step) items[index + step]?.focus();
              else if (event.key === 'y' && mayChange()) {
                focusAt.current = index;
                void accept(suspect);
              } else if (event.key === 'n') {
                focusAt.current = index;
                dismiss(suspect);
              } else return;
              event.preventDefault();
              event.stopPropagation();
            }}
          >
            <a href={href({ screen: 'image', image: suspect.id })} tabIndex={-1}>
              <img
                src={thumbnailUrl(collection.value, suspect)}
                alt={altText(suspect)}
                width={96}
                height={96}
                loading="lazy"
              />
            </a>
            <div class="suspect-text">
              <span class="suspect-labels">
                <s>{suspect.label ?? 'no label'}</s>
                <Icon name="right" size={14} />
                <strong>{suspect.suggested}</strong>
              </span>
              <span class="muted suspect-name" title={suspect.name}>
                {fileName(suspect.name)}
              </span>
              <span class="vote" title="Votes of its nearest images">
                <span class="meter" aria-hidden="true">
                  <span style={{ width: `${100 * suspect.share}%` }} />
                </span>
                <span class="number muted">
                  {percent(suspect.share)} {suspect.suggested}, {percent(suspect.ownShare)} its own
                </span>
              </span>
              {mayChange() && (
                <span class="suspect-buttons">
                  <button
                    type="button"
                    class="button small"
                    aria-label={`Accept: set ${fileName(suspect.name)} to ${suspect.suggested}`}
                    onClick={() => void accept(suspect)}
                  >
                    <Icon name="check" size={14} /> Accept
                  </button>
                  <button
                    type="button"
                    class="button small quiet"
                    aria-label={`Dismiss: leave ${fileName(suspect.name)} as it is`}
                    onClick={() => dismiss(suspect)}
                  >
                    Dismiss
                  </button>
                </span>
              )}
            </div>
          </li>
        ))}
      </ul>
      {shown < open.length && (
        <button type="button" class="button" onClick={() => setShown(shown + atOnce)}>
          Show more
        </button>
      )}
    </>
  );
}

function localStorageIfAllowed(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    // Reading the property throws where a browser forbids storage.
    return undefined;
  }
}
