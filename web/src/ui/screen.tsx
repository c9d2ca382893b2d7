import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { collection } from '../router.js';

interface ScreenHeadProps {
  readonly title: string;
  /** Beside the title: how many there are. */
  readonly about?: ComponentChildren;
  /** At the right. */
  readonly children?: ComponentChildren;
}

let firstScreen = true;

/** The focus goes to the heading of a screen that one has come to from another, and not when the page is opened. */
export function useScreenHeading() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A grid that has been come back to has taken it already.
    const taken = heading.current?.closest('main')?.querySelector('[role="grid"] :focus');
    if (!firstScreen && !taken) heading.current?.focus({ preventScroll: true });
    firstScreen = false;
  }, []);
  return heading;
}

/** The head of a screen. Who comes here from another has the focus on its title, so that a screen reader says it. */
export function ScreenHead({ title, about, children }: ScreenHeadProps) {
  const heading = useScreenHeading();
  useEffect(() => {
    document.title = `${title} · ${collection.peek()} · imagekin`;
  }, [title]);
  return (
    <header class="screen-head">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {about && <span class="screen-about">{about}</span>}
      <div class="screen-tools">{children}</div>
    </header>
  );
}
