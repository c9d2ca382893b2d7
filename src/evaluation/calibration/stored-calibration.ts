import { ImagekinError } from '../../core/errors.js';
import type { Calibration } from './calibration.js';
import type { ProbabilityMap } from './probability-map.js';

/** What a calibration was made with. */
export interface CalibrationSource {
  readonly name: string;
  /** SHA-256 over what makes the images what they are. */
  readonly fingerprint: string;
  readonly images: number;
  readonly classes: number;
  /** How many of its classes the model was trained on, by name. */
  readonly seenClasses: number;
  /** Whether the model was trained on some of these images: then it is surer of them than of others. */
  readonly isTrainingData: boolean;
}

/** A calibration as a model file keeps it. */
export interface StoredCalibration extends Calibration {
  /** Version of this form. */
  readonly format: typeof calibrationFormat;
  readonly source: CalibrationSource;
}

export const calibrationFormat = 1;

/**
 * Reads what a model file holds as its calibration. The file's checksum vouches for its being as it was written; this
 * looks at what searches rely on.
 * @param where the file, for errors
 * @throws `model-foreign` where it is of a later format; `model-damaged` where the map is none
 */
export function readCalibration(value: unknown, where: string): StoredCalibration {
  const stored = value as StoredCalibration | null;
  const format: unknown = stored?.format;
  if (typeof format === 'number' && format > calibrationFormat)
    throw new ImagekinError('model-foreign', {
      where,
      expected: `a calibration of format ${calibrationFormat}`,
      got: `one of format ${format}`,
      fix: 'update imagekin, or calibrate the model anew',
    });
  if (format !== calibrationFormat || !isMap(stored?.map))
    throw new ImagekinError('model-damaged', {
      where,
      expected: 'a calibration that rises from probability to probability',
      got: 'another thing in its place',
      fix: 'calibrate the model anew with: imagekin calibrate <model> <source>',
    });
  return stored!;
}

function isMap(map: ProbabilityMap | undefined): boolean {
  if (map?.method === 'logistic')
    return Number.isFinite(map.slope) && map.slope >= 0 && Number.isFinite(map.intercept);
  if (map?.method !== 'isotonic' || !Array.isArray(map.knots) || map.knots.length === 0) return false;
  return map.knots.every((knot, i) => {
    if (!Array.isArray(knot) || knot.length !== 2 || !knot.every(Number.isFinite)) return false;
    const [score, probability] = knot;
    const [scoreBefore, probabilityBefore] = map.knots[i - 1] ?? [Number.NEGATIVE_INFINITY, 0];
    return score > scoreBefore && probability >= probabilityBefore && probability <= 1;
  });
}
