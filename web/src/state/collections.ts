import { computed, signal } from '@preact/signals';
import { api, type CollectionSummary, type Failure, failureOf } from '../api.js';
import { collection } from '../router.js';

export const collections = signal<readonly CollectionSummary[] | undefined>(undefined);
export const collectionsFailure = signal<Failure | undefined>(undefined);

/** What is known of the collection that is shown. */
export const current = computed(() => collections.value?.find((each) => each.name === collection.value));

/** Grows whenever images of the collection may have changed: what shows them depends on it and loads again. */
export const contentVersion = signal(0);

export async function loadCollections(): Promise<void> {
  try {
    collections.value = await api.collections();
    collectionsFailure.value = undefined;
  } catch (error) {
    collectionsFailure.value = failureOf(error);
  }
}

/** After images were added, edited or removed. */
export function contentChanged(): void {
  contentVersion.value++;
  void loadCollections();
}
