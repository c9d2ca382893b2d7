// @ts-check
import { spawn } from 'node:child_process';

/**
 * Runs a program in a process of its own and parses the JSON document that it prints on stdout.
 * What it prints on stderr is passed through only when it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env] added to this process's environment
 * @returns {Promise<any>}
 */
export function jsonProcess(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code !== 0)
        return reject(new Error(`${command} ${args[0]}: ended with ${signal ?? `code ${code}`}\n${stderr}`));
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(new Error(`${command} ${args[0]}: expected one JSON document, got ${stdout.slice(0, 200)}`));
      }
    });
  });
}
