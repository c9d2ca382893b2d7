import { dirname, join, posix } from 'node:path';
import { ImagekinError } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/files.js';
import type { OnProgress } from '../../core/progress.js';
import { externalFilesOf, inspectBackbone } from '../../engine/index.js';
import type { BackboneFlags } from '../backbone/backbone-spec.js';
import { type KnownBackbone, knownBackbone, knownBackboneAt } from '../backbone/known-backbones.js';
import { preprocessorConfigName, resolveSpec } from '../backbone/resolve-spec.js';
import { wrapBackbone } from '../backbone/wrap-backbone.js';
import { decodeModel, type ModelFile } from '../model-file.js';
import { pulledModelsDirectory, readModel } from '../open-model.js';
import { type FetchFromHubOptions, fetchFromHub, type HubFile, isUnreachable } from './fetch-from-hub.js';
import { type HubSettings, hubSettings } from './hub-settings.js';

export interface PullOptions
  extends Pick<FetchFromHubOptions, 'retries' | 'retryDelayMs' | 'startTimeoutMs' | 'stallTimeoutMs'> {
  /** A branch, tag or commit. Default `main`. */
  readonly revision?: string;
  /** How the model is to be used, as far as it is not found out. */
  readonly backbone?: BackboneFlags;
  readonly settings?: HubSettings;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface PulledBackbone {
  /** What `--model` takes from now on. */
  readonly name: string;
  /** Path of the model file. */
  readonly path: string;
  readonly model: ModelFile;
  readonly repository: string;
  readonly file: string;
  readonly revision: string;
  readonly commit: string;
}

/** Where a model may lie in a repository: the image tower alone where there is one. */
const likelyFiles = ['onnx/vision_model.onnx', 'onnx/model.onnx', 'model.onnx'];

/**
 * Downloads a model from the Hugging Face hub and makes a model file of it, which can be named from then on.
 * @param what the name of a known model, `owner/name`, or `owner/name:path/to/model.onnx`
 * @throws `wrong-usage`; those of `fetchFromHub` and `wrapBackbone`
 */
export async function pullBackbone(what: string, options: PullOptions = {}): Promise<PulledBackbone> {
  const { settings = hubSettings() } = options;
  try {
    return await pullWith(what, settings, options);
  } catch (error) {
    if (settings.offline || !isUnreachable(error)) throw error;
    // Without a network, what was pulled before will do.
    return await pullWith(what, { ...settings, offline: true }, options).catch(() => {
      throw error;
    });
  }
}

async function pullWith(what: string, settings: HubSettings, options: PullOptions): Promise<PulledBackbone> {
  const { revision = 'main', backbone = {}, signal } = options;
  const wanted = placeOf(what);
  const { repository } = wanted;
  const fetch = (file: string, at: string) =>
    fetchFromHub(
      { repository, revision: at, file },
      { ...options, settings, directory: pulledModelsDirectory() },
    );
  const { file, path, commit } = await firstOf(wanted.files, (candidate) => fetch(candidate, revision), {
    repository,
    revision,
    settings,
  });
  const bytes = await readModel(path);
  for (const beside of externalFilesOf(bytes, what)) {
    const data = posix.join(posix.dirname(file), beside);
    if ((await fetch(data, commit)) === undefined) throw notThere({ repository, revision }, [data]);
  }
  await optional(() => fetch(preprocessorConfigName, commit), settings);
  signal?.throwIfAborted();

  const known = wanted.known ?? knownBackboneAt(repository, file);
  const facts = inspectBackbone(bytes, { where: what, output: backbone.output ?? known?.output });
  const spec = await resolveSpec(path, facts, backbone, known);
  const source = `${repository}/${file}@${commit}`;
  const wrapped = await wrapBackbone(bytes, spec, { where: what, directory: dirname(path), source });
  const name = wanted.name;
  const modelFile = join(pulledModelsDirectory(), `${name.replaceAll('/', '--')}.onnx`);
  await writeFileAtomic(modelFile, wrapped);
  const model = decodeModel(wrapped, modelFile);
  return { name, path: modelFile, model, repository, file, revision, commit };
}

interface Wanted {
  readonly name: string;
  readonly repository: string;
  readonly files: readonly string[];
  readonly known: KnownBackbone | undefined;
}

function placeOf(what: string): Wanted {
  const known = knownBackbone(what);
  if (known) return { name: known.name, repository: known.repository, files: [known.file], known };
  const [, repository, file] = /^([\w][\w.-]*\/[\w][\w.-]*)(?::(.+))?$/.exec(what) ?? [];
  const isInside = file?.split('/').every((part) => /^[^\\:]+$/.test(part) && part !== '..' && part !== '.');
  if (repository === undefined || repository.includes('..') || isInside === false)
    throw new ImagekinError('wrong-usage', {
      where: 'model',
      expected: 'the name of a known model, owner/name, or owner/name:path/model.onnx',
      got: `"${what}"`,
      fix: 'see: imagekin models list',
    });
  const ofRepository = knownBackboneAt(repository);
  const files = file ? [file] : ofRepository ? [ofRepository.file] : likelyFiles;
  // Two files of a repository are two models.
  const suffix = file ? `/${posix.basename(file, '.onnx')}` : '';
  return { name: `${repository}${suffix}`.replaceAll('/', '--'), repository, files, known: undefined };
}

interface Repository {
  readonly repository: string;
  readonly revision: string;
}

/** The first of the files that the repository has. */
async function firstOf(
  files: readonly string[],
  fetch: (file: string) => Promise<HubFile | undefined>,
  { settings, ...repository }: Repository & { readonly settings: HubSettings },
): Promise<HubFile & { readonly file: string }> {
  for (const [i, file] of files.entries()) {
    const isLast = i === files.length - 1;
    const found = isLast ? await fetch(file) : await optional(() => fetch(file), settings);
    if (found) return { ...found, file };
  }
  throw notThere(repository, files);
}

/** A file that may be missing; offline, that is all that can be known of it. */
async function optional(
  fetch: () => Promise<HubFile | undefined>,
  { offline }: HubSettings,
): Promise<HubFile | undefined> {
  try {
    return await fetch();
  } catch (error) {
    if (offline) return undefined;
    throw error;
  }
}

function notThere({ repository, revision }: Repository, files: readonly string[]): ImagekinError {
  return new ImagekinError('download-failed', {
    where: `${repository}@${revision}`,
    expected: `a file ${files.join(' or ')}`,
    got: 'none',
    fix: `name the file, as ${repository}:onnx/model.onnx, or another repository with an ONNX export`,
  });
}
