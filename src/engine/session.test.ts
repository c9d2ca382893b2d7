import { describe, expect, it } from 'vitest';
import { input, relu } from './ops/index.js';
import { Program } from './program.js';

describe('a device', () => {
  it.each(['cuda', 'webgpu'] as const)('runs the program or says why it cannot: %s', async (device) => {
    const made = Program.compile({ outputs: { y: relu(input('x', 'float32', [2])) } }, { device });
    // Machines with such a device may run these tests too.
    const outcome = await made.then(
      async (program) => (await program.run({ x: Float32Array.of(-1, 2) })).y,
      (error: unknown) => error,
    );
    if (outcome instanceof Float32Array) expect(outcome).toEqual(Float32Array.of(0, 2));
    else {
      expect(outcome).toMatchObject({ code: 'device-unavailable' });
      expect((outcome as Error).message).toMatch(
        new RegExp(`^device '${device}': expected .* use the device 'cpu'$`),
      );
    }
  });
});
