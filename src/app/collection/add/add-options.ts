import type { Device } from '../../../core/device.js';
import type { OnProgress, Skipped } from '../../../core/progress.js';
import type { OpenOptions } from '../../../data/open-options.js';
import type { BackboneFlags } from '../../../embedding/backbone/backbone-spec.js';

export interface AddOptions {
  /** Folder of the collection; made where there is none. */
  readonly collection: string;
  /** Any sources; images need no labels. */
  readonly sources: readonly string[];
  /**
   * Path of a model file, of any ONNX file, or the name of a model that was pulled. Needed where the collection is to be made;
   * later it may be left out.
   */
  readonly model?: string;
  /** How a model from elsewhere is to be used. */
  readonly backbone?: BackboneFlags;
  /** Remove images whose files are gone, rather than mark them. */
  readonly prune?: boolean;
  /** Try files again that could not be used, though they have not changed. */
  readonly retryFailed?: boolean;
  readonly threads?: number;
  /** What runs the model. Default: `cpu`, the only one that has been tried. */
  readonly device?: Device;
  readonly open?: OpenOptions;
  readonly onProgress?: OnProgress;
  /** Aborted, no more images are begun; those that have been are added. */
  readonly signal?: AbortSignal;
}

/** What has become of images. Each stands under one of the first six. */
export interface AddCounts {
  /** New, and embedded. */
  readonly added: number;
  /** Other bytes at the same place: embedded anew, with the same id. */
  readonly changed: number;
  /** Renamed or moved files: same id, nothing decoded. */
  readonly moved: number;
  /** New files with the bytes of an image that was there: nothing decoded. */
  readonly copied: number;
  /** As they were. */
  readonly unchanged: number;
  /** Files that could not be used. */
  readonly failed: number;

  /** Of the unchanged and moved: those that were missing, and are there again. */
  readonly returned: number;
  /** Of the unchanged: those of which the source says something else than before. */
  readonly described: number;
  /** Images whose files are gone, marked in this run. */
  readonly missing: number;
  /** Missing images that were removed. */
  readonly pruned: number;
  /** Files that were decoded, or tried to. */
  readonly decoded: number;
}

/** Where nothing has happened. */
export const noCounts: AddCounts = {
  added: 0,
  changed: 0,
  moved: 0,
  copied: 0,
  unchanged: 0,
  failed: 0,
  returned: 0,
  described: 0,
  missing: 0,
  pruned: 0,
  decoded: 0,
};

export interface AddResult extends AddCounts {
  /** `false` where the signal stopped the run; the same call goes on there. */
  readonly finished: boolean;
  /** Folder of the collection. */
  readonly collection: string;
  /** Whether it was made in this run. */
  readonly created: boolean;
  readonly model: string;
  readonly modelId: string;
  readonly dimension: number;
  /** Images in the collection now, without the missing ones. */
  readonly images: number;
  readonly skipped: readonly Skipped[];
  readonly seconds: number;
}
