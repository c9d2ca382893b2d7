import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';

interface PopoverProps {
  /** What the button shows. */
  readonly button: ComponentChildren;
  readonly label?: string;
  readonly buttonClass?: string;
  readonly children: (close: () => void) => ComponentChildren;
  readonly align?: 'start' | 'end';
}

const gapPx = 6;
const marginPx = 8;

/** A button that opens a panel beside itself. The browser closes it on Escape and on a click elsewhere. */
export function Popover({ button, label, buttonClass = 'button', children, align = 'start' }: PopoverProps) {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => panel.current?.hidePopover();

  const place = () => {
    const at = trigger.current!.getBoundingClientRect();
    const { style, offsetWidth, offsetHeight } = panel.current!;
    const left = align === 'start' ? at.left : at.right - offsetWidth;
    style.left = `${Math.max(marginPx, Math.min(left, innerWidth - offsetWidth - marginPx))}px`;
    const below = at.bottom + gapPx;
    const fits = below + offsetHeight <= innerHeight - marginPx;
    style.top = `${fits ? below : Math.max(marginPx, at.top - gapPx - offsetHeight)}px`;
  };

  return (
    <>
      <button
        ref={trigger}
        type="button"
        class={buttonClass}
        aria-label={label}
        title={label}
        aria-expanded={open}
        aria-controls={id}
        popovertarget={id}
      >
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        class="popover"
        onToggle={(event) => {
          const opened = (event as unknown as ToggleEvent).newState === 'open';
          setOpen(opened);
          if (opened) requestAnimationFrame(place);
        }}
      >
        {open && children(close)}
      </div>
    </>
  );
}
