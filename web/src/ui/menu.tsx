import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icon.js';

export interface MenuItem {
  readonly icon?: IconName;
  readonly label: string;
  /** The key that does the same, to be learnt. */
  readonly hint?: string;
  readonly danger?: boolean;
  run(): void;
}

interface OpenMenu {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly x: number;
  readonly y: number;
  readonly back: Element | null;
}

const open = signal<OpenMenu | undefined>(undefined);
const marginPx = 8;

/** Opens a menu at a place in the window. One for the whole page: a grid has too many tiles to give each its own. */
export function openMenu(
  label: string,
  items: readonly MenuItem[],
  at: { readonly x: number; readonly y: number },
): void {
  open.value = { label, items, ...at, back: document.activeElement };
}

/** Where a menu of an element opens: below its lower left corner. */
export function below(element: Element): { x: number; y: number } {
  const { left, bottom } = element.getBoundingClientRect();
  return { x: left, y: bottom + 4 };
}

export function MenuHost() {
  const menu = open.value;
  return menu ? <Menu key={`${menu.x} ${menu.y} ${menu.label}`} menu={menu} /> : null;
}

function Menu({ menu }: { readonly menu: OpenMenu }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = ref.current!;
    element.showPopover();
    element.style.left = `${Math.max(marginPx, Math.min(menu.x, innerWidth - element.offsetWidth - marginPx))}px`;
    element.style.top = `${Math.max(marginPx, Math.min(menu.y, innerHeight - element.offsetHeight - marginPx))}px`;
    element.querySelector('button')?.focus();
  }, []);
  const close = () => {
    open.value = undefined;
    if (menu.back instanceof HTMLElement && menu.back.isConnected) menu.back.focus({ preventScroll: true });
  };
  const step = (event: KeyboardEvent) => {
    const buttons = [...ref.current!.querySelectorAll('button')];
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 }[event.key];
    if (event.key === 'Tab') close();
    if (to === undefined) return;
    event.preventDefault();
    buttons.at(to % buttons.length)?.focus();
  };
  return (
    <div
      ref={ref}
      popover="auto"
      class="popover"
      onToggle={(event) => {
        if ((event as unknown as ToggleEvent).newState === 'closed' && open.peek() === menu) close();
      }}
    >
      <div class="menu" role="menu" tabIndex={-1} aria-label={menu.label} onKeyDown={step}>
        {menu.items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            class={`menu-item${item.danger ? ' danger' : ''}`}
            onClick={() => {
              close();
              item.run();
            }}
          >
            {item.icon && <Icon name={item.icon} />}
            <span>{item.label}</span>
            {item.hint && <kbd class="menu-hint">{item.hint}</kbd>}
          </button>
        ))}
      </div>
    </div>
  );
}
