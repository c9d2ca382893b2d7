import { signal } from '@preact/signals';
import { failureOf, isAbort } from '../api.js';
import { Icon } from './icon.js';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  readonly action?: { readonly label: string; run(): void } | undefined;
}

const toasts = signal<readonly Toast[]>([]);
const said = signal('');
let last = 0;

/** A short message that goes away by itself; with `action`, there is a button beside it. */
export function toast(text: string, options: Partial<Pick<Toast, 'tone' | 'action'>> = {}): void {
  const id = ++last;
  toasts.value = [
    ...toasts.peek(),
    { id, text, tone: options.tone ?? 'plain', action: options.action },
  ].slice(-4);
  // What has a button, or went wrong, is read for longer.
  setTimeout(() => dismiss(id), options.action || options.tone === 'bad' ? 9_000 : 4_000);
}

/** Says that something went wrong; of what was given up on purpose it says nothing. */
export function toastFailure(error: unknown): void {
  if (!isAbort(error)) toast(failureOf(error).message, { tone: 'bad' });
}

function dismiss(id: number): void {
  toasts.value = toasts.peek().filter((each) => each.id !== id);
}

/** Has a screen reader say something that can only be seen otherwise. */
export function announce(text: string): void {
  // The same words again would not be said if they did not differ.
  said.value = said.peek() === text ? `${text}\u00a0` : text;
}

export function Toasts() {
  return (
    <>
      <div class="toasts" role="status" aria-live="polite">
        {toasts.value.map((each) => (
          <div key={each.id} class={`toast ${each.tone}`}>
            {each.tone === 'bad' && <Icon name="warning" />}
            <span>{each.text}</span>
            {each.action && (
              <button
                type="button"
                class="button small"
                onClick={() => {
                  dismiss(each.id);
                  each.action?.run();
                }}
              >
                {each.action.label}
              </button>
            )}
            <button
              type="button"
              class="button quiet small icon-only"
              aria-label="Dismiss"
              onClick={() => dismiss(each.id)}
            >
              <Icon name="close" size={14} />
            </button>
          </div>
        ))}
      </div>
      <div class="unseen" role="status" aria-live="polite">
        {said}
      </div>
    </>
  );
}
