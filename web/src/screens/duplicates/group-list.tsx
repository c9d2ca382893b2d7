import { useEffect, useRef, useState } from 'preact/hooks';
import { type DuplicateGroup, thumbnailUrl } from '../../api.js';
import type { GridItems } from '../../grid/items.js';
import { useVirtualRows } from '../../grid/use-virtual-rows.js';
import { collection } from '../../router.js';
import { Icon } from '../../ui/icon.js';
import { isDecided } from './decisions.js';

interface GroupListProps {
  readonly groups: GridItems<DuplicateGroup>;
  readonly shown: number;
  readonly onShow: (at: number) => void;
}

const rowPx = 60;
const most = 3;

/** All groups, to go to any of them; those in view only, as there may be very many. */
export function GroupList({ groups, shown, onShow }: GroupListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [element, setElement] = useState<HTMLElement | null>(null);
  useEffect(() => setElement(scroller.current), []);
  const count = groups.count.value ?? 0;
  groups.version.value;
  const { rows, heightPx, reveal } = useVirtualRows({
    count,
    rowHeightPx: rowPx,
    scroller: element,
    offsetPx: 0,
  });
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => groups.need(Math.min(first, shown), last + 1), [groups, first, last, count]);
  useEffect(() => {
    if (element) reveal(shown);
  }, [element, shown]);
  return (
    <nav ref={scroller} class="group-nav" aria-label="Groups of copies">
      <ol style={{ height: `${heightPx}px` }}>
        {rows.map(({ index, topPx }) => {
          const group = groups.at(index);
          return (
            <li key={index} style={{ transform: `translateY(${topPx}px)` }}>
              <button
                type="button"
                class="group-item"
                aria-current={index === shown ? 'true' : undefined}
                aria-label={group ? groupName(group, index) : `Group ${index + 1}`}
                onClick={() => onShow(index)}
              >
                <span class="group-index number">{index + 1}</span>
                <span class="group-thumbs">
                  {group?.images.slice(0, most).map((image) => (
                    <img
                      key={image.id}
                      src={thumbnailUrl(collection.value, image)}
                      alt=""
                      class={image.decision ?? undefined}
                      width={40}
                      height={40}
                      loading="lazy"
                    />
                  ))}
                  {group && group.images.length > most && (
                    <span class="muted">+{group.images.length - most}</span>
                  )}
                </span>
                {group && isDecided(group) && (
                  <span class="group-done">
                    <Icon name="check" size={14} />
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function groupName(group: DuplicateGroup, index: number): string {
  const kind = group.kind === 'exact' ? 'exact copies' : 'nearly the same';
  return `Group ${index + 1}, ${group.images.length} ${kind}, ${isDecided(group) ? 'decided' : 'not decided'}`;
}
