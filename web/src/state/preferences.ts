import { effect, type Signal, signal } from '@preact/signals';

/** A choice of how things look: kept in the browser, and no part of the address. */
function preference<const T extends readonly string[]>(
  name: string,
  choices: T,
  initial: T[number],
): Signal<T[number]> {
  const key = `imagekin.${name}`;
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(key);
  } catch {
    // Storage may be forbidden.
  }
  const value = signal<T[number]>(choices.find((each) => each === kept) ?? initial);
  effect(() => {
    try {
      localStorage.setItem(key, value.value);
    } catch {
      // As above.
    }
  });
  return value;
}

export const tileSizes = ['small', 'medium', 'large'] as const;
export const tileSize = preference('tile-size', tileSizes, 'medium');
const widthsPx = { small: 112, medium: 168, large: 256 } as const;

/** The width that tiles have at least, CSS pixels. */
export function tilePx(): number {
  return widthsPx[tileSize.value];
}

export const fitting = preference('fitting', ['fill', 'whole'], 'fill');
export const filtersShown = preference('filters', ['yes', 'no'], 'yes');
