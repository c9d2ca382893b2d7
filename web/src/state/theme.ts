import { signal } from '@preact/signals';

export const themes = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themes)[number];

const key = 'imagekin.theme';

/** What was chosen; `system` follows the machine. public/theme.js sets it before the first paint. */
export const theme = signal<ThemeChoice>(
  (document.documentElement.dataset.theme as ThemeChoice | undefined) ?? 'system',
);

export function setTheme(choice: ThemeChoice): void {
  theme.value = choice;
  if (choice === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  try {
    if (choice === 'system') localStorage.removeItem(key);
    else localStorage.setItem(key, choice);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

/** Whether dark colours are shown now. */
export function isDark(): boolean {
  if (theme.value !== 'system') return theme.value === 'dark';
  return systemDark.value;
}

const query = matchMedia('(prefers-color-scheme: dark)');
const systemDark = signal(query.matches);
query.addEventListener('change', () => {
  systemDark.value = query.matches;
});
