import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type DuplicateGroup, previewUrl } from '../../api.js';
import { collection, href } from '../../router.js';
import { altText } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { type Copy, losesAll } from './decisions.js';
import { factsOf, pathsApart, roleText } from './facts.js';
import { draggedBy, fitted, type LinkedZoom, transformOf, zoomedAt } from './linked-zoom.js';

interface CompareProps {
  readonly group: DuplicateGroup;
  readonly zoom: { value: LinkedZoom };
  /** Whether the others are shown as what they differ by from the best. */
  readonly difference: boolean;
  readonly mayDecide: boolean;
  readonly onDecide: (index: number, decision: Copy['decision']) => void;
}

/** The copies of a group side by side: they are zoomed together, and what they differ in stands out. */
export function Compare({ group, zoom, difference, mayDecide, onDecide }: CompareProps) {
  const facts = factsOf(group.images);
  const paths = pathsApart(group.images.map(({ path }) => path));
  const best = group.images[0]!;
  return (
    <div class="compare">
      {losesAll(group) && (
        <p class="compare-warning" role="alert">
          <Icon name="warning" /> All copies of this picture are marked for the trash: nothing of it would be
          left.
        </p>
      )}
      <ol class="copies" style={{ '--copies': Math.min(group.images.length, 4) }}>
        {group.images.map((image, index) => (
          <li key={image.id} class={`copy ${image.decision ?? 'open'}`}>
            <figure>
              <Frame
                image={image}
                best={difference && index > 0 ? best : undefined}
                zoom={zoom}
                number={index + 1}
              />
              <figcaption>
                <div class="copy-head">
                  <span class={`badge ${index === 0 ? 'good' : image.role === 'exact' ? 'accent' : ''}`}>
                    {roleText(image.role, group.distance)}
                  </span>
                  <a
                    class="button quiet small icon-only"
                    href={href({ screen: 'image', image: image.id })}
                    aria-label={`Open copy ${index + 1}`}
                    title="Open"
                  >
                    <Icon name="open" size={14} />
                  </a>
                </div>
                {mayDecide && (
                  <fieldset class="segments decide" aria-label={`Copy ${index + 1}`}>
                    {(['keep', 'trash'] as const).map((decision) => (
                      <button
                        key={decision}
                        type="button"
                        class={decision}
                        aria-pressed={image.decision === decision}
                        onClick={() => onDecide(index, image.decision === decision ? null : decision)}
                      >
                        <Icon name={decision === 'keep' ? 'check' : 'trash'} size={14} />
                        {decision === 'keep' ? 'Keep' : 'Trash'}
                      </button>
                    ))}
                  </fieldset>
                )}
                <dl class="copy-facts">
                  <div class="copy-path">
                    <dt class="unseen">Path</dt>
                    <dd title={image.path}>
                      <span class="muted">{paths.common}</span>
                      <wbr />
                      <strong>{paths.rest[index]}</strong>
                    </dd>
                  </div>
                  {facts.map((fact) => (
                    <div key={fact.name} class={fact.same ? 'same' : 'differs'}>
                      <dt>{fact.name}</dt>
                      <dd class="number">
                        {fact.values[index]}
                        {fact.ahead.includes(index) && (
                          <span class="ahead" title="More than the others">
                            {' '}
                            ▲<span class="unseen"> more than the others</span>
                          </span>
                        )}
                      </dd>
                    </div>
                  ))}
                </dl>
              </figcaption>
            </figure>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface FrameProps {
  readonly image: Copy;
  /** The image that it is laid over, to see what differs. */
  readonly best: Copy | undefined;
  readonly zoom: { value: LinkedZoom };
  readonly number: number;
}

const tinyPx = 100;

/** A picture that is zoomed with its neighbours. */
function Frame({ image, best, zoom, number }: FrameProps) {
  const frame = useRef<HTMLDivElement>(null);
  const dragging = useRef<{ x: number; y: number }>(undefined);
  const broken = useSignal(false);
  // A wheel that the browser may not scroll by must be listened to by hand.
  useEffect(() => {
    const element = frame.current!;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top, width, height } = element.getBoundingClientRect();
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002));
      zoom.value = zoomedAt(
        zoom.value,
        factor,
        (event.clientX - left) / width - 0.5,
        (event.clientY - top) / height - 0.5,
      );
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [zoom]);
  const isTiny = Math.max(image.width ?? tinyPx, image.height ?? tinyPx) < tinyPx;
  const picture = (shown: Copy, alt: string, name: string) => (
    <img
      class={`${name}${isTiny ? ' pixelated' : ''}`}
      src={previewUrl(collection.value, shown)}
      alt={alt}
      draggable={false}
      onError={() => {
        broken.value = true;
      }}
    />
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys zoom all frames at once; pointers do it at a place.
    <div
      ref={frame}
      class={`frame${zoom.value.scale > 1 ? ' zoomed' : ''}${best ? ' difference' : ''}`}
      onDblClick={(event) => {
        const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
        zoom.value =
          zoom.value.scale > 1
            ? fitted
            : zoomedAt(fitted, 3, (event.clientX - left) / width - 0.5, (event.clientY - top) / height - 0.5);
      }}
      onPointerDown={(event) => {
        if (event.button !== 0 || zoom.value.scale === 1) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        dragging.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerMove={(event) => {
        if (!dragging.current) return;
        const { width, height } = event.currentTarget.getBoundingClientRect();
        zoom.value = draggedBy(
          zoom.value,
          (event.clientX - dragging.current.x) / width,
          (event.clientY - dragging.current.y) / height,
        );
        dragging.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerUp={() => {
        dragging.current = undefined;
      }}
      onPointerCancel={() => {
        dragging.current = undefined;
      }}
    >
      <div class="frame-inner" style={{ transform: transformOf(zoom.value) }}>
        {picture(image, altText(image), 'below')}
        {best && picture(best, '', 'above')}
      </div>
      {broken.value && (
        <span class="frame-broken">
          <Icon name="image" size={22} /> This picture cannot be shown
        </span>
      )}
      <span class="frame-number" aria-hidden="true">
        {number}
      </span>
      {image.decision && (
        <span class={`frame-decision ${image.decision}`}>
          <Icon name={image.decision === 'keep' ? 'check' : 'trash'} size={14} />
          {image.decision === 'keep' ? 'Keep' : 'Trash'}
        </span>
      )}
    </div>
  );
}
