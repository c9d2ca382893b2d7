import { useEffect, useRef, useState } from 'preact/hooks';
import { type Failure, failureOf, isAbort } from './api.js';

export interface Resource<T> {
  /** What was loaded last; stays while the same is loaded again. */
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  readonly loading: boolean;
  reload(): void;
  /** Puts in the place of what was loaded what the page knows to have become of it. */
  set(value: T): void;
}

interface State<T> {
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  readonly loading: boolean;
}

/** Loads when mounted and when one of `dependencies` changes; an answer that is no longer wanted is given up. */
export function useResource<T>(
  load: (signal: AbortSignal) => Promise<T>,
  dependencies: readonly unknown[],
  {
    keep = false,
  }: { /** Whether the last value stands until the next is there. */ readonly keep?: boolean } = {},
): Resource<T> {
  const [state, setState] = useState<State<T>>({ value: undefined, failure: undefined, loading: true });
  const [round, setRound] = useState(0);
  const lastRound = useRef(0);

  useEffect(() => {
    const again = round !== lastRound.current;
    lastRound.current = round;
    const aborter = new AbortController();
    setState((before) => ({
      value: keep || again ? before.value : undefined,
      failure: undefined,
      loading: true,
    }));
    load(aborter.signal).then(
      (value) => {
        if (!aborter.signal.aborted) setState({ value, failure: undefined, loading: false });
      },
      (error: unknown) => {
        if (aborter.signal.aborted || isAbort(error)) return;
        setState((before) => ({ value: before.value, failure: failureOf(error), loading: false }));
      },
    );
    return () => aborter.abort();
  }, [...dependencies, round]);

  return {
    ...state,
    reload: () => setRound((before) => before + 1),
    set: (value) => setState({ value, failure: undefined, loading: false }),
  };
}
