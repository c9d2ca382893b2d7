import type { OnProgress } from '../core/progress.js';
import type { BackboneFlags } from '../embedding/backbone/backbone-spec.js';
import { type PullOptions, pullBackbone } from '../embedding/hub/pull-backbone.js';
import { describeWrapped, type WrappedModel } from './wrap-model.js';

export interface PullModelOptions
  extends Pick<PullOptions, 'retries' | 'retryDelayMs' | 'startTimeoutMs' | 'stallTimeoutMs'> {
  /** The name of a known model, `owner/name` of a repository on the Hugging Face hub, or `owner/name:path/model.onnx`. */
  readonly name: string;
  /** A branch, tag or commit. Default `main`. */
  readonly revision?: string;
  /** How the model is to be used, as far as it is not found out. */
  readonly backbone?: BackboneFlags;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface PulledModel extends WrappedModel {
  /** What may stand in the place of a path from now on. */
  readonly name: string;
  readonly repository: string;
  readonly file: string;
  readonly revision: string;
  readonly commit: string;
}

/** Downloads a model from the Hugging Face hub and makes a model file of it. */
export async function pullModel({ name: what, ...options }: PullModelOptions): Promise<PulledModel> {
  const { name, path, model, repository, file, revision, commit } = await pullBackbone(what, options);
  return { name, ...describeWrapped(path, model), repository, file, revision, commit };
}
