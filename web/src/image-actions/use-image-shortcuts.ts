import { useShortcuts } from '../keyboard.js';

/** Keys of grids, for the sheet; the grids themselves listen to them. */
export function useImageShortcuts(): void {
  const section = 'Images';
  useShortcuts([
    { keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'], does: 'Move', section },
    { keys: ['Enter'], does: 'Open', section },
    { keys: ['x', ' '], does: 'Select', section },
    { keys: ['Shift+ArrowRight'], does: 'Select as you move', section },
    { keys: ['s'], does: 'Find similar', section },
    { keys: ['+', '-'], does: 'More, less like this', section },
    { keys: ['m'], does: 'Show on the map', section },
    { keys: ['f'], does: 'Unfold what is nearly the same', section },
  ]);
}
