import { type ReadonlySignal, signal } from '@preact/signals';

function media(condition: string): ReadonlySignal<boolean> {
  const query = matchMedia(condition);
  const matches = signal(query.matches);
  query.addEventListener('change', () => {
    matches.value = query.matches;
  });
  return matches;
}

/** One column, with the navigation below: telephones. The same width stands in the style sheets. */
export const narrow = media('(max-width: 760px)');

/** Fingers rather than a mouse: what shows on hovering is to be had otherwise. */
export const coarse = media('(hover: none)');

export const reducedMotion = media('(prefers-reduced-motion: reduce)');
