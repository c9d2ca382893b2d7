import { useState } from 'preact/hooks';
import { type Failure, failureOf } from '../api.js';
import { signIn } from '../state/session.js';
import { BrandMark } from './icon.js';

/** Asks for the token that the server was started with. */
export function SignIn() {
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  return (
    <main class="alone">
      <form
        class="sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          setBusy(true);
          signIn(token.trim())
            .catch((error: unknown) => setFailure(failureOf(error)))
            .finally(() => setBusy(false));
        }}
      >
        <BrandMark size={34} />
        <h1>imagekin</h1>
        <p>
          This server wants the token that it was started with (<code>imagekin serve --token …</code>).
        </p>
        <label class="field">
          <span>Token</span>
          <input
            class="input"
            type="password"
            autocomplete="current-password"
            value={token}
            required
            aria-invalid={failure !== undefined}
            aria-describedby={failure ? 'sign-in-failure' : undefined}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        {failure && (
          <p class="field-error" id="sign-in-failure" role="alert">
            {failure.message}
          </p>
        )}
        <button type="submit" class="button primary" disabled={busy || token.trim() === ''}>
          Sign in
        </button>
      </form>
    </main>
  );
}
