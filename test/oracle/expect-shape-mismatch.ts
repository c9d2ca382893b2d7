import { expect } from 'vitest';
import { ImagekinError } from '../../src/core/errors.js';

/** Expects building a graph to fail with an error that names the operation and every one of the types or shapes. */
export function expectShapeMismatch(
  build: () => unknown,
  operation: string,
  ...shapes: readonly string[]
): void {
  let thrown: unknown;
  try {
    build();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ImagekinError);
  const { code, message } = thrown as ImagekinError;
  expect(code).toBe('shape-mismatch');
  expect(message).toMatch(new RegExp(`^${operation}\\b`));
  for (const shape of shapes) expect(message).toContain(shape);
}
