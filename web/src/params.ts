import { computed, type ReadonlySignal } from '@preact/signals';
import { type Going, route, updateParams } from './router.js';

/** How a value stands in an address. What is the default does not stand there at all (`null`). */
export interface Codec<T> {
  read(text: string | null): T;
  write(value: T): string | null;
}

export const text: Codec<string> = {
  read: (from) => from ?? '',
  write: (value) => (value === '' ? null : value),
};

export const flag: Codec<boolean> = {
  read: (from) => from === '1',
  write: (value) => (value ? '1' : null),
};

/** A number in [least, most], or `undefined`. */
export function optionalNumber(least: number, most: number, digits = 3): Codec<number | undefined> {
  return {
    read(from) {
      const value = from === null || from.trim() === '' ? Number.NaN : Number(from);
      return value >= least && value <= most ? value : undefined;
    },
    write: (value) => (value === undefined ? null : String(Number(value.toFixed(digits)))),
  };
}

/** One of some words, the first of which is the default. */
export function choice<const Names extends readonly string[]>(names: Names): Codec<Names[number]> {
  return {
    read: (from) => names.find((name) => name === from) ?? names[0]!,
    write: (value) => (value === names[0] ? null : value),
  };
}

export interface Param<T> extends ReadonlySignal<T> {
  set(value: T, going?: Going): void;
}

/** A parameter of the address as a signal. */
export function param<T>(name: string, codec: Codec<T>): Param<T> {
  // By its text, so that a new address with the same text wakes nobody.
  const written = computed(() => route.value.params.get(name));
  return Object.assign(
    computed(() => codec.read(written.value)),
    {
      set: (value: T, going?: Going) =>
        updateParams((params) => writeParam(params, name, codec, value), going),
    },
  );
}

export function writeParam<T>(params: URLSearchParams, name: string, codec: Codec<T>, value: T): void {
  const written = codec.write(value);
  if (written === null) params.delete(name);
  else params.set(name, written);
}
