import { isDark } from '../../state/theme.js';
import { colourOf, shapeOf } from './data/palette.js';

const outlines = {
  circle: 'M6 1a5 5 0 1 1 0 10a5 5 0 1 1 0-10Z',
  square: 'M1.75 1.75h8.5v8.5h-8.5Z',
  triangle: 'M6 1 11 10.5 1 10.5Z',
};

/** How points of a slot are drawn on the map. */
export function Swatch({ slot }: { readonly slot: number }) {
  const colour = colourOf(slot, isDark() ? 'dark' : 'light');
  return (
    <svg class="swatch" width={12} height={12} viewBox="0 0 12 12" aria-hidden="true">
      <path d={outlines[shapeOf(slot)]} fill={colour} />
    </svg>
  );
}
