import { signal } from '@preact/signals';

/** Id of the image that is pointed at, on the map or in a list beside it: both mark it. */
export const pointedId = signal<number | undefined>(undefined);
