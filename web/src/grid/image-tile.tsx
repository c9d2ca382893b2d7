import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { type ImageSummary, thumbnailUrl } from '../api.js';
import { collection } from '../router.js';
import { selection } from '../state/selection.js';
import { altText, fileName } from '../ui/format.js';
import { Icon, type IconName } from '../ui/icon.js';
import { below, openMenu } from '../ui/menu.js';

export interface TileAction {
  readonly icon: IconName;
  readonly label: string;
  /** The key that does the same. */
  readonly key?: string;
  run(): void;
}

interface ImageTileProps {
  readonly image: ImageSummary;
  readonly index: number;
  readonly selectable?: boolean;
  /** Buttons that show when the tile is pointed at or has the focus. */
  readonly actions?: readonly TileAction[];
  /** Over the picture, at its lower edge. */
  readonly badge?: ComponentChildren;
  /** Below the label. */
  readonly detail?: ComponentChildren;
  /** Whether it is among those seen first. */
  readonly eager?: boolean;
  /** It only scrolls by: without its buttons, most of its elements, it is drawn in a fraction of the time. */
  readonly passing?: boolean;
}

/** Pictures of fewer pixels than this are shown as pixels: smoothing would only blur them. */
const tinyPx = 100;

/** An image in a grid: its picture, a mark to select it by, its label. */
export function ImageTile({
  image,
  index,
  selectable = true,
  actions = [],
  badge,
  detail,
  eager,
  passing = false,
}: ImageTileProps) {
  const toggle = () => {
    selection.toggle(image.id);
    selection.anchor = index;
  };
  const menu = (at: { readonly x: number; readonly y: number }) =>
    openMenu(
      fileName(image.name),
      [
        ...actions.map(({ icon, label, key, run }) => ({ icon, label, ...(key && { hint: key }), run })),
        ...(selectable ? [{ icon: 'check', label: 'Select', hint: 'x', run: toggle } as const] : []),
      ],
      at,
    );
  const hasActions = actions.length > 0 && !passing;
  const tiny = Math.max(image.width ?? tinyPx, image.height ?? tinyPx) < tinyPx;
  const name = fileName(image.name);
  const picture = thumbnailUrl(collection.value, image);
  // Another image may come to this place: that the one before could not be shown is no mark of it.
  const broken = useSignal('');
  const isBroken = broken.value === picture;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what the menu has can be had by keys of the grid as well.
    <div
      onContextMenu={(event) => {
        if (actions.length === 0) return;
        event.preventDefault();
        menu({ x: event.clientX, y: event.clientY });
      }}
      class={`tile${selectable && selection.has(image.id) ? ' selected' : ''}`}
    >
      <div key={picture} class={`picture${isBroken ? ' broken' : ''}`}>
        <img
          src={picture}
          alt={altText(image)}
          class={tiny ? 'pixelated' : undefined}
          width={image.width ?? undefined}
          height={image.height ?? undefined}
          loading={eager ? 'eager' : 'lazy'}
          decoding="async"
          fetchpriority={eager ? 'high' : undefined}
          draggable={false}
          onError={() => {
            broken.value = picture;
          }}
        />
        {isBroken && (
          <span class="broken-mark" aria-hidden="true">
            <Icon name="image" size={22} />
          </span>
        )}
        {selectable && (!passing || selection.count.value > 0) && (
          <button
            type="button"
            class="tile-check"
            tabIndex={-1}
            aria-pressed={selection.has(image.id)}
            aria-label={`Select ${name}`}
            onClick={toggle}
          >
            <Icon name="check" size={14} />
          </button>
        )}
        {badge}
        {hasActions && (
          <button
            type="button"
            tabIndex={-1}
            class="tile-more"
            aria-label={`What to do with ${name}`}
            aria-haspopup="menu"
            onClick={(event) => menu(below(event.currentTarget))}
          >
            <Icon name="more" />
          </button>
        )}
        {hasActions && (
          <div class="tile-actions">
            {actions.map((action) => (
              <button
                key={action.label}
                type="button"
                tabIndex={-1}
                class="tile-action"
                aria-label={action.label}
                title={action.key ? `${action.label} (${action.key})` : action.label}
                onClick={() => action.run()}
              >
                <Icon name={action.icon} />
              </button>
            ))}
          </div>
        )}
      </div>
      <div class="tile-caption">
        <span class={image.label === null ? 'tile-label none' : 'tile-label'} title={image.name}>
          {image.label ?? name}
        </span>
        {detail}
      </div>
    </div>
  );
}
