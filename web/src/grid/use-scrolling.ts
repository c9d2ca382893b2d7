import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** Nobody has scrolled for so long: it has come to rest. */
const restMs = 120;

/** Whether something is being scrolled. */
export function useScrolling(scroller: HTMLElement | null): ReadonlySignal<boolean> {
  const scrolling = useSignal(false);
  useEffect(() => {
    if (!scroller) return;
    let timer: number | undefined;
    const note = () => {
      scrolling.value = true;
      clearTimeout(timer);
      timer = setTimeout(() => {
        scrolling.value = false;
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
