import type { ComponentChildren } from 'preact';
import type { Failure } from '../api.js';
import { Icon, type IconName } from './icon.js';
import { toast } from './toast.js';

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  /** What to do next. */
  readonly children?: ComponentChildren;
  readonly actions?: ComponentChildren;
}

/** Nothing to show, and what to do about it. */
export function Empty({ icon, title, children, actions }: EmptyProps) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} size={22} />
      </span>
      <h2>{title}</h2>
      {children && <div class="empty-text">{children}</div>}
      {actions && <div class="empty-actions">{actions}</div>}
    </div>
  );
}

/** What went wrong, in the words of the server, with what it points at. */
export function ProblemState({
  failure,
  onRetry,
}: {
  readonly failure: Failure;
  readonly onRetry?: () => void;
}) {
  const { title, detail, shown, instance, code } = failure.problem;
  return (
    <div class="empty problem" role="alert">
      <span class="empty-icon">
        <Icon name="warning" size={22} />
      </span>
      <h2>{title}</h2>
      <p class="empty-text">{detail}</p>
      {shown && <pre class="shown">{shown}</pre>}
      {onRetry && (
        <div class="empty-actions">
          <button type="button" class="button primary" onClick={onRetry}>
            <Icon name="retry" /> Try again
          </button>
        </div>
      )}
      <p class="problem-code">
        {code}
        {instance && ` · ${instance}`}
      </p>
    </div>
  );
}

/** A command to copy. */
export function Command({ children }: { readonly children: string }) {
  return (
    <div class="command">
      <code>{children}</code>
      <button
        type="button"
        class="button quiet small icon-only"
        aria-label="Copy command"
        title="Copy"
        onClick={() => {
          navigator.clipboard?.writeText(children).then(
            () => toast('Copied'),
            () => toast('The browser does not let this page copy; select the text instead', { tone: 'bad' }),
          );
        }}
      >
        <Icon name="copy" size={14} />
      </button>
    </div>
  );
}

/** Lines where text will stand. */
export function SkeletonLines({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div class="skeleton-lines" aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class="skeleton" style={{ width: `${90 - ((line * 23) % 45)}%` }} />
      ))}
    </div>
  );
}
