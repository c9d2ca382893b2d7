// @ts-check

/**
 * Measures two sides of one case. After one discarded warm-up of each, they run in turn (ours, peer, ours, ...), so
 * that a machine that slows down or heats up slows both.
 *
 * @param {object} options
 * @param {number} options.runs measured runs of each side
 * @param {() => Promise<number>} options.ours one measurement
 * @param {(() => Promise<number>) | null} options.peer null where it is not installed
 * @param {(message: string) => void} options.onProgress
 */
export async function sideBySide({ runs, ours, peer, onProgress }) {
  const oursValues = [];
  const peerValues = [];
  for (let run = 0; run <= runs; run++) {
    const oursValue = await ours();
    const peerValue = peer && (await peer());
    const title = run === 0 ? 'warm-up' : `run ${run} of ${runs}`;
    onProgress(`${title}: ours ${oursValue.toPrecision(4)}, peer ${peerValue?.toPrecision(4) ?? '-'}`);
    if (run === 0) continue;
    oursValues.push(oursValue);
    if (peerValue !== null) peerValues.push(peerValue);
  }
  return {
    ours: median(oursValues),
    peer: peer && median(peerValues),
    spread: { ours: range(oursValues), peer: peer && range(peerValues) },
  };
}

/**
 * Middle value; of an even number, the mean of the two in the middle.
 * @param {number[]} values at least one
 */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * What finds a value by the share of others that are below it: `at(0.5)`, `at(0.99)`. 0 where there are none.
 * @param {readonly number[]} values
 */
export function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (/** @type {number} */ share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** @param {number[]} values */
export function range(values) {
  return { min: Math.min(...values), max: Math.max(...values) };
}
