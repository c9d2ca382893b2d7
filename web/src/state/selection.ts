import { computed, effect, signal } from '@preact/signals';
import { collection } from '../router.js';

const ids = signal<ReadonlySet<number>>(new Set());
let anchor: number | undefined;

/** Images that are selected, of the collection that is shown. All screens share it. */
export const selection = {
  ids,
  count: computed(() => ids.value.size),
  has: (id: number): boolean => ids.value.has(id),

  toggle(id: number): void {
    const next = new Set(ids.peek());
    if (!next.delete(id)) next.add(id);
    ids.value = next;
  },

  set(wanted: Iterable<number>): void {
    ids.value = new Set(wanted);
  },

  add(more: Iterable<number>): void {
    const next = new Set(ids.peek());
    for (const id of more) next.add(id);
    ids.value = next;
  },

  remove(gone: Iterable<number>): void {
    const next = new Set(ids.peek());
    for (const id of gone) next.delete(id);
    ids.value = next;
  },

  clear(): void {
    anchor = undefined;
    if (ids.peek().size > 0) ids.value = new Set();
  },

  /** What the next range begins at: the place in a list that was selected last. */
  get anchor(): number | undefined {
    return anchor;
  },
  set anchor(index: number | undefined) {
    anchor = index;
  },
};

let shown: string | undefined;
/** Ids mean other images in another collection. */
effect(() => {
  if (shown !== undefined && shown !== collection.value) selection.clear();
  shown = collection.value;
});
