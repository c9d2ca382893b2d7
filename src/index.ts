/** The public API of imagekin. What the command line does, a program can do with the same functions. */

export { evaluateModel as evaluate } from './app/evaluate-model.js';
export type { EvaluateOptions, EvaluateResult } from './app/measure-model.js';
export { type DemoOptions, type DemoResult, runDemo } from './app/run-demo.js';
export {
  type SearchHit,
  type SearchOptions,
  type SearchResult,
  searchImages as search,
} from './app/search-images.js';
export { type ShowDataOptions, type ShowDataResult, showData } from './app/show-data.js';
export { type TrainOptions, type TrainResult, trainModel as train } from './app/train-model.js';
export { type ErrorCode, errorCodes, ImagekinError } from './core/errors.js';
export type { OnProgress, Progress, Skipped } from './core/progress.js';
export { Random } from './core/random.js';
export type { LabelledImages, LabelledSource } from './data/labelled-images.js';
export type { OpenOptions } from './data/open-options.js';
export { builtInSourceNames, openImages, openSource } from './data/source.js';
export { embedImages } from './embedding/embed-images.js';
export { Embedder } from './embedding/embedder.js';
export { type ModelFile, type ModelMetadata, readModelFile } from './embedding/model-file.js';
export * as engine from './engine/index.js';
export { evaluateEmbeddings } from './evaluation/evaluate-embeddings.js';
export type { Evaluation } from './evaluation/evaluation.js';
export * as metrics from './evaluation/index.js';
export { decodeImage, decodeImageTo } from './image/decode.js';
export type { Image, Size } from './image/image.js';
export * as losses from './learning/losses/index.js';
export * as models from './learning/models/index.js';
export * as optimizers from './learning/optimizers/index.js';
export { recipes } from './learning/recipes/index.js';
export type { Recipe } from './learning/recipes/recipe.js';
export * as samplers from './learning/samplers/index.js';
export * as schedules from './learning/schedules/index.js';
