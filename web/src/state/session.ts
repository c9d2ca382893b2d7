import { signal } from '@preact/signals';
import { api, type Failure, failureOf, onUnauthorized, type Session } from '../api.js';

/** `undefined` until the server has answered. */
export const session = signal<Session | undefined>(undefined);
export const sessionFailure = signal<Failure | undefined>(undefined);

/** Whether a token of the address is being exchanged for a session: until then nothing else can be asked. */
export const signingIn = signal(tokenOfAddress() !== null);

function tokenOfAddress(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('token');
}

/** Signs in with a token in the address (`#token=…`), which is taken out of it, and asks how things stand. */
export async function startSession(): Promise<void> {
  onUnauthorized.call = () => {
    const now = session.peek();
    if (now?.authenticated) session.value = { ...now, authenticated: false };
  };
  const token = tokenOfAddress();
  sessionFailure.value = undefined;
  try {
    if (token) {
      // Out of the address first: it must not end up in a bookmark or on a screenshot.
      history.replaceState(history.state, '', location.pathname + location.search);
      await api.signIn(token).catch((error: unknown) => {
        if (failureOf(error).unreachable) throw error;
      });
    }
    session.value = await api.session();
  } catch (error) {
    sessionFailure.value = failureOf(error);
  } finally {
    signingIn.value = false;
  }
}

/** @throws Failure if it is the wrong one. */
export async function signIn(token: string): Promise<void> {
  await api.signIn(token);
  session.value = await api.session();
}

export function mayChange(): boolean {
  return session.value !== undefined && !session.value.readOnly;
}
