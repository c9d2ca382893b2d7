import type { StoredCalibration } from '../evaluation/calibration/index.js';

/** What somebody who relies on a calibration should know of how it was made. */
export function calibrationNotes({ source, thresholds, highestPrecision }: StoredCalibration): {
  readonly warnings: string[];
  readonly notes: string[];
} {
  const { classes, seenClasses } = source;
  const warnings: string[] = [];
  const notes: string[] = [];
  if (source.isTrainingData)
    warnings.push(
      `the model was trained on images of ${source.name}: it knows them, so probabilities are too high for any others; calibrate on images kept apart`,
    );
  if (seenClasses === classes)
    notes.push(
      `all ${classes} classes were seen in training; for classes that were not, probabilities are likely too high, and unknown ones are harder to tell from known ones`,
    );
  else if (seenClasses > 0)
    notes.push(
      `${seenClasses} of ${classes} classes were seen in training, the others not; probabilities are a mean over both, too low for the former and too high for the latter`,
    );
  for (const { target, score } of thresholds)
    if (score === null) notes.push(noThresholdNote(target, highestPrecision));
  return { warnings, notes };
}

type Target = StoredCalibration['thresholds'][number]['target'];

function noThresholdNote(
  { figure, value }: Target,
  { score, precision }: StoredCalibration['highestPrecision'],
): string {
  const wanted = `a ${figure === 'falseMatchRate' ? 'false match rate' : figure} of ${value}`;
  if (figure !== 'precision') return `too few images to be sure of ${wanted}`;
  const highest = `${precision.toFixed(3)}, from score ${score.toFixed(4)} on`;
  return precision < value
    ? `no score reaches ${wanted} on these images; the highest is ${highest}`
    : `too few images to be sure of ${wanted}; the highest is ${highest}, give or take`;
}
