/** In which order points are drawn: those of one state after another. */
export interface DrawOrder {
  /** Rows, those of state 0 first. */
  readonly rows: Uint32Array;
  /** Behind the last row of each state. */
  readonly ends: readonly number[];
}

/** @param states one of `pointStates` of each row */
export function drawOrder(states: Uint8Array): DrawOrder {
  const ends = [0, 0, 0];
  for (const state of states) ends[state]!++;
  ends[1]! += ends[0]!;
  ends[2]! += ends[1]!;
  const next = [0, ends[0]!, ends[1]!];
  const rows = new Uint32Array(states.length);
  for (let row = 0; row < states.length; row++) rows[next[states[row]!]!++] = row;
  return { rows, ends };
}
