// @ts-check
import { spawnSync } from 'node:child_process';

/** @typedef {{ command: string, versions: Record<string, string> }} Python */

/**
 * The first Python that has all `modules`: `$PYTHON`, `python3` of the path, the system's own (where Debian's packages
 * go, which another python3 on the path hides).
 *
 * @param {...string} modules
 * @returns {Python | null} with each module's version, empty where it does not say, or null where no Python has them
 */
export function pythonWith(...modules) {
  const program = `import json, ${modules.join(', ')}; print(json.dumps({${modules
    .map((module) => `"${module}": getattr(${module}, "__version__", "")`)
    .join(', ')}}))`;
  for (const command of [process.env.PYTHON, 'python3', '/usr/bin/python3']) {
    if (!command) continue;
    const { status, stdout } = spawnSync(command, ['-c', program], { encoding: 'utf8' });
    if (status === 0) return { command, versions: JSON.parse(stdout) };
  }
  return null;
}
