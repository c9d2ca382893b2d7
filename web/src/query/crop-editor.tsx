import { useRef } from 'preact/hooks';
import type { Crop } from '../api.js';
import { percent } from '../ui/format.js';
import { movedSides, movedWhole, regionBetween, type Sides, wholeImage } from './crop-region.js';

interface CropEditorProps {
  readonly src: string;
  readonly alt: string;
  readonly value: Crop;
  readonly onChange: (region: Crop) => void;
  /** Enter. */
  readonly onDone?: () => void;
}

const handles: readonly (readonly [string, Sides])[] = [
  ['nw', { left: true, top: true }],
  ['n', { top: true }],
  ['ne', { right: true, top: true }],
  ['e', { right: true }],
  ['se', { right: true, bottom: true }],
  ['s', { bottom: true }],
  ['sw', { left: true, bottom: true }],
  ['w', { left: true }],
];

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const stepShare = 0.02;

/**
 * A region of an image: drawn anew beside it, moved by its middle, changed by its handles. By keys: arrows move it, with
 * Shift they move its lower right corner, Home makes it the whole.
 */
export function CropEditor({ src, alt, value, onChange, onDone }: CropEditorProps) {
  const frame = useRef<HTMLDivElement>(null);

  const drag = (
    event: PointerEvent,
    change: (dx: number, dy: number, at: readonly [number, number]) => Crop,
  ) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const box = frame.current!.getBoundingClientRect();
    const target = event.currentTarget as HTMLElement;
    target.setPointerCapture(event.pointerId);
    const from = [event.clientX, event.clientY] as const;
    const move = (to: PointerEvent) => {
      const at = [(to.clientX - box.left) / box.width, (to.clientY - box.top) / box.height] as const;
      onChange(change((to.clientX - from[0]) / box.width, (to.clientY - from[1]) / box.height, at));
    };
    const end = () => {
      target.removeEventListener('pointermove', move);
      target.removeEventListener('pointerup', end);
      target.removeEventListener('pointercancel', end);
    };
    target.addEventListener('pointermove', move);
    target.addEventListener('pointerup', end);
    target.addEventListener('pointercancel', end);
  };

  const draw = (event: PointerEvent) => {
    const box = frame.current!.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    drag(event, (_dx, _dy, at) => regionBetween(x, y, at[0], at[1]));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step) {
      const [dx, dy] = [step[0] * stepShare, step[1] * stepShare];
      onChange(
        event.shiftKey ? movedSides(value, { right: true, bottom: true }, dx, dy) : movedWhole(value, dx, dy),
      );
    } else if (event.key === 'Home') onChange(wholeImage);
    else if (event.key === 'Enter' && onDone) onDone();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const at = {
    left: `${value.x * 100}%`,
    top: `${value.y * 100}%`,
    width: `${value.width * 100}%`,
    height: `${value.height * 100}%`,
  };
  return (
    <div ref={frame} class="crop-editor" onPointerDown={draw}>
      <img
        src={src}
        alt={alt}
        draggable={false}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
          frame.current!.style.setProperty('--ratio', String(naturalWidth / Math.max(1, naturalHeight)));
        }}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a region is no fieldset. */}
      <div
        class="crop-region"
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move and resize it.
        tabIndex={0}
        aria-roledescription="region of the image"
        aria-label={`From left ${percent(value.x)}, from above ${percent(value.y)}, ${percent(value.width)} wide, ${percent(value.height)} high. Arrows move it, Shift and arrows change its size.`}
        style={at}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          (event.currentTarget as HTMLElement).focus({ preventScroll: true });
          drag(event, (dx, dy) => movedWhole(value, dx, dy));
        }}
      >
        {handles.map(([name, sides]) => (
          <span
            key={name}
            class={`crop-handle ${name}`}
            onPointerDown={(event) => drag(event, (dx, dy) => movedSides(value, sides, dx, dy))}
          />
        ))}
      </div>
    </div>
  );
}
