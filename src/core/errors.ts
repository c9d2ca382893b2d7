/** Every way imagekin fails on purpose. The command line turns a code into an exit code; inner folders know neither. */
export const errorCodes = {
  'wrong-usage': 'a flag, argument or option value that imagekin does not know',
  'unknown-source': 'a data source that is neither built in nor a readable path',
  'source-missing': 'a known data source whose files are not there',
  'source-damaged': 'a data source whose files are truncated or not in the expected layout',
  'checksum-mismatch': 'a file whose checksum differs from the published one',
  'download-failed': 'a download that could not be started or finished',
  'empty-source': 'a folder or split without a single usable image',
  'too-few-images': 'a class with fewer images than the operation needs',
  'image-undecodable': 'an image file that cannot be decoded within the limits',
  'file-not-found': 'a path that does not exist',
  'file-not-writable': 'a path that cannot be written',
  'model-foreign': 'a file that is not an imagekin model',
  'model-damaged': 'a model file that does not load',
  'backbone-unsuitable': 'an ONNX model that cannot embed images as it stands',
  'checkpoint-damaged': 'a checkpoint that does not load',
  'checkpoint-mismatch': 'a checkpoint of another recipe, seed or data set',
  'training-diverged': 'a loss or weight that is not finite',
  'training-collapsed': 'embeddings that have all become alike',
  'shape-mismatch': 'tensors whose shapes do not fit the operation',
  'queries-differ': 'two evaluations of different queries, which cannot be compared',
  'no-gradient': 'an operation without a gradient rule on the path to a parameter',
  'device-unavailable': 'a device that ONNX Runtime cannot run programs on here',
  'collection-missing': 'a folder that is no collection',
  'collection-damaged': 'a collection whose catalog cannot be read',
  'collection-newer': 'a collection that a later version has written',
  'collection-busy': 'a collection that another process keeps from being written',
  'model-mismatch': 'a model or vectors that are not those of the collection',
  'model-missing': 'a collection of vectors alone, without the model that made them',
  'image-not-found': 'an image that the collection does not have',
  'images-unreadable': 'more images of a collection that cannot be read than can be a few bad files',
  'filter-invalid': 'a filter that cannot be understood',
  'index-unavailable': 'an index that cannot be had here',
  'watch-failed': 'a folder that cannot be watched for changes',
  'service-unavailable': 'a question that cannot be answered now, and can be asked again',
  'not-computed': 'something that a job has to make first',
  'out-of-memory': 'work that needs more memory than Node.js may use',
  'engine-failed': 'a program that ONNX Runtime refused to load or run',
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorParts {
  /** Where it happened: a function, a file, a flag. */
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  /** What the reader can do about it. */
  readonly fix: string;
  /** Lines that point at the place in what was written; shown below the message. */
  readonly shown?: string;
  readonly cause?: unknown;
}

/** An error a user can act on, in one line: `where: expected X, got Y; do Z`. */
export class ImagekinError extends Error {
  override readonly name = 'ImagekinError';
  readonly code: ErrorCode;
  /** Lines that point at the place in what was written. */
  readonly shown?: string;

  constructor(code: ErrorCode, { where, expected, got, fix, shown, cause }: ErrorParts) {
    super(`${where}: expected ${expected}, got ${got}; ${fix}`, cause === undefined ? undefined : { cause });
    this.code = code;
    if (shown !== undefined) this.shown = shown;
  }
}

/** The text of anything thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
