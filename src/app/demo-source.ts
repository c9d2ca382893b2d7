import { ImagekinError } from '../core/errors.js';

const demoSources = ['cifar10', 'emoji'] as const;
export type DemoSource = (typeof demoSources)[number];

/** @throws `unknown-source` where the demo has no such source */
export function demoSourceNamed(name: string): DemoSource {
  const source = demoSources.find((candidate) => candidate === name);
  if (source !== undefined) return source;
  throw new ImagekinError('unknown-source', {
    where: 'source',
    expected: demoSources.join(' or '),
    got: `"${name}"`,
    fix: 'name one of these; own images go through imagekin train and imagekin eval',
  });
}
