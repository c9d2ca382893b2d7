import { computed, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

export interface Shortcut {
  /** As `KeyboardEvent.key` has it, with `Ctrl+` or `Shift+` before it; several that do the same. */
  readonly keys: readonly string[];
  /** What it does, for the sheet. */
  readonly does: string;
  /** Heading of the sheet that it stands under. */
  readonly section: string;
  /** Returns `false` where it has nothing to do, so that the key goes on to whoever else wants it. */
  run?(event: KeyboardEvent): unknown;
  /** Whether it works while somebody types in a field. */
  readonly inFields?: boolean;
}

const layers = signal<readonly (readonly Shortcut[])[]>([]);

/** All that can be pressed now, for the sheet; what was registered last comes last. */
export const shortcuts = computed(() => layers.value.flat());

/** Shortcuts of a component, as long as it is there. The last to come is the first to be asked. */
export function useShortcuts(list: readonly Shortcut[]): void {
  const latest = useRef(list);
  latest.current = list;
  useEffect(() => {
    // The list may be a new one at every rendering; what is registered asks the latest.
    const layer = list.map((shortcut, index) => ({
      ...shortcut,
      run: (event: KeyboardEvent) => {
        const run = latest.current[index]?.run;
        // Some stand here only to be listed; who really listens gets the key.
        return run ? run(event) : false;
      },
    }));
    layers.value = [...layers.peek(), layer];
    return () => {
      layers.value = layers.peek().filter((other) => other !== layer);
    };
  }, []);
}

export function startKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const pressed = keyName(event);
    const typing = isField(event.target);
    // An open dialog is asked alone: what lies behind it cannot be seen.
    // A click on its text leaves the focus to the body, so it is not enough to ask where the key was pressed.
    if (document.querySelector('dialog:modal')) return;
    if ((event.target as Element).closest?.('[popover]:popover-open')) return;
    for (const layer of [...layers.peek()].reverse()) {
      for (const shortcut of layer) {
        if (!shortcut.run || (typing && !shortcut.inFields) || !shortcut.keys.includes(pressed)) continue;
        if (shortcut.run(event) === false) continue;
        event.preventDefault();
        return;
      }
    }
  });
}

export function keyName(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string {
  const shift = event.shiftKey && event.key.length > 1 ? 'Shift+' : '';
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${shift}${event.key}`;
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // Sliders and radio buttons want the arrows.
  if (target instanceof HTMLInputElement) return !['checkbox', 'button'].includes(target.type);
  return (
    target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  );
}
