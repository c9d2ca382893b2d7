import { type ClassSplit, classSplits } from './class-split.js';
import { type Split, splits } from './split.js';

/** `name:split` taken apart; a colon followed by anything but a split belongs to the name. */
export function parseSourceSpec(spec: string): { name: string; split: Split | ClassSplit | undefined } {
  const split = [...splits, ...classSplits].find((candidate) => spec.endsWith(`:${candidate}`));
  return { name: split === undefined ? spec : spec.slice(0, -split.length - 1), split };
}

export function isClassSplit(split: Split | ClassSplit | undefined): split is ClassSplit {
  return classSplits.some((candidate) => candidate === split);
}
