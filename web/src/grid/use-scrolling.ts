import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** Nobody has scrolled for so long: it has come to rest. */
const restMs = 150;

/** Whether something is being scrolled. @param onRest called when it no longer is */
export function useScrolling(
  scroller: HTMLElement | null,
  onRest: (scroller: HTMLElement) => void,
): ReadonlySignal<boolean> {
  const scrolling = useSignal(false);
  const latest = useRef(onRest);
  latest.current = onRest;
  useEffect(() => {
    if (!scroller) return;
    let timer: number | undefined;
    const note = () => {
      scrolling.value = true;
      clearTimeout(timer);
      timer = setTimeout(() => {
        scrolling.value = false;
        latest.current(scroller);
      }, restMs);
    };
    scroller.addEventListener('scroll', note, { passive: true });
    return () => {
      clearTimeout(timer);
      scrolling.value = false;
      scroller.removeEventListener('scroll', note);
    };
  }, [scroller]);
  return scrolling;
}
