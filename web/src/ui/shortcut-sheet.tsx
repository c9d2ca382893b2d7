import { type Shortcut, shortcuts } from '../keyboard.js';
import { Dialog } from './dialog.js';

const shown: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  ' ': 'Space',
};

/** All keys that work now, by what they are for. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const sections = new Map<string, Shortcut[]>();
  // What belongs to the screen is what is looked for, so it stands first.
  for (const shortcut of [...shortcuts.value].reverse()) {
    const section = sections.get(shortcut.section) ?? [];
    section.unshift(shortcut);
    sections.set(shortcut.section, section);
  }
  return (
    <Dialog title="Keyboard" onClose={onClose} size="medium">
      <div class="key-sections">
        {[...sections].map(([name, list]) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl>
              {list.map((shortcut) => (
                <div key={shortcut.does} class="key-line">
                  <dt>{shortcut.does}</dt>
                  <dd>
                    {shortcut.keys.map((key) => (
                      <kbd key={key}>
                        {key
                          .replace('Ctrl+', 'Ctrl ')
                          .replace('Shift+', '⇧ ')
                          .replace(/\w+$| $/, (name) => shown[name] ?? name)}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
