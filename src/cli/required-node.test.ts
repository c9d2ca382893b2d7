import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { requiredNode, requiredNodeMissing } from './required-node.js';

it('asks for the Node.js that package.json asks for', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(manifest.engines.node).toBe(`>=${requiredNode.major}.${requiredNode.minor}`);
});

it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0-nightly'])('takes Node.js %s', (version) => {
  expect(requiredNodeMissing(version)).toBeUndefined();
});

it.each(['20.18.1', '18.20.4', '8.0.0'])('refuses Node.js %s in one line that says what to do', (version) => {
  expect(requiredNodeMissing(version)).toBe(
    `imagekin: expected Node.js 20.19 or newer, got ${version}; install one from https://nodejs.org`,
  );
});
