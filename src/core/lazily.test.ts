import { describe, expect, it } from 'vitest';
import { lazily } from './lazily.js';

describe('lazily', () => {
  it.each([7, undefined])('makes a value once, and only when it is asked for: %s', (value) => {
    let made = 0;
    const get = lazily(() => {
      made++;
      return value;
    });
    expect(made).toBe(0);
    expect([get(), get()]).toEqual([value, value]);
    expect(made).toBe(1);
  });
});
