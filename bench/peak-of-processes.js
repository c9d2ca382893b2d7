// @ts-check
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const intervalMs = 100;

/**
 * Runs a program and looks now and then at the memory of it and all processes that it started, pages that they share counted once
 * (proportional set size). Linux only.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ mebibytes: number }>} the most seen at once
 */
export function peakOfProcesses(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    let most = 0;
    const timer = setInterval(() => {
      const kibibytes = withChildren(child.pid ?? 0).reduce((sum, pid) => sum + proportionalKiB(pid), 0);
      most = Math.max(most, kibibytes);
    }, intervalMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      if (code === 0) resolve({ mebibytes: most / 1024 });
      else reject(new Error(`${command} ${args[0]}: ended with ${code}\n${stderr}`));
    });
  });
}

/** @param {number} root */
export function withChildren(root) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const [, parent] = read(`/proc/${pid}/status`).match(/^PPid:\s+(\d+)/m) ?? [];
    if (parent !== undefined) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), pid]);
  }
  const all = [root];
  for (const pid of all) all.push(...(children.get(pid) ?? []));
  return all;
}

/** @param {number} pid */
export function proportionalKiB(pid) {
  return Number(read(`/proc/${pid}/smaps_rollup`).match(/^Pss:\s+(\d+) kB/m)?.[1] ?? 0);
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
