// @ts-check
/**
 * Runs one benchmark: ours and, where there is one, the peer's side on the same work, in turn.
 *
 *   npm run bench -- <name> [--json] [options of the benchmark]
 *
 * stdout carries the table or the JSON document; progress and hints go to stderr.
 */
import * as crash from './crash.js';
import * as embed from './embed.js';
import * as evaluation from './evaluation.js';
import * as losses from './losses.js';
import { commit, machine } from './machine.js';
import * as page from './page.js';
import * as pipeline from './pipeline.js';
import * as profile from './profile.js';
import * as resize from './resize-pillow.js';
import * as scale from './scale.js';
import * as search from './search.js';
import * as searchCommand from './search-command.js';
import * as seed from './seed.js';
import * as serve from './serve.js';
import { printCases } from './table.js';
import * as train from './train.js';
import { UsageError } from './usage-error.js';

/**
 * @typedef {object} Case one row of a benchmark: the same work on both sides
 * @property {string} name
 * @property {string} unit of `ours` and `peer`
 * @property {number} ours median over the runs
 * @property {number | null} peer median over the runs; null where the peer is not installed or there is none
 * @property {string | null} peerName null where there is none
 * @property {number | null} ratio above 1 means that ours is better, whichever way the unit points
 * @property {{ ours: Range, peer: Range | null }} spread
 *
 * @typedef {{ min: number, max: number }} Range over the measured runs
 *
 * @typedef {{ cases: Case[] }} Report what a benchmark found; it may have more to say than its cases
 *
 * @typedef {object} Benchmark
 * @property {string} name
 * @property {string} summary
 * @property {string} usage
 * @property {(args: string[]) => Promise<any>} run gives a Report
 * @property {(report: any) => void} [print] for people. Default: a table of the cases
 */

/** @type {Benchmark[]} */
const benchmarks = [
  seed,
  train,
  evaluation,
  losses,
  pipeline,
  profile,
  resize,
  embed,
  search,
  searchCommand,
  scale,
  serve,
  page,

  crash,
];

/** @param {string[]} args */
async function main(args) {
  const [name, ...rest] = args;
  const benchmark = benchmarks.find((candidate) => candidate.name === name);
  if (!benchmark) throw new UsageError(`bench: expected a benchmark's name, got ${name ?? 'nothing'}`);
  const json = rest.includes('--json');
  const report = await benchmark.run(rest.filter((arg) => arg !== '--json'));
  if (json)
    console.log(
      JSON.stringify({ name: benchmark.name, machine: machine(), commit: commit(), ...report }, null, 2),
    );
  else (benchmark.print ?? printCases)(report);
}

function usage() {
  const lines = benchmarks.map(
    ({ name, summary, usage }) => `  ${name}  ${summary}\n    npm run bench -- ${name} ${usage}`,
  );
  return `Benchmarks:\n${lines.join('\n')}`;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof UsageError) console.error(usage());
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
