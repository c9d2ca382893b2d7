#!/usr/bin/env node
import { requiredNodeMissing } from './required-node.js';

// The rest is loaded only where it can run: an old Node.js would die in it with an error that explains nothing.
const missing = requiredNodeMissing(process.versions.node);
if (missing !== undefined) {
  process.stderr.write(`${missing}\n`);
  process.exitCode = 1;
} else {
  const { run } = await import('./run.js');
  process.exitCode = await run(process.argv.slice(2));
}
