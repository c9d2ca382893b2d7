/** The public API of imagekin. What the command line does, a program can do with the same functions. */

export {
  type CalibrateOptions,
  type CalibrateResult,
  calibrateModel as calibrate,
} from './app/calibrate-model.js';
export { addImages } from './app/collection/add/add-images.js';
export type { AddCounts, AddOptions, AddResult } from './app/collection/add/add-options.js';
export {
  collectionStatus,
  type StatusModel,
  type StatusOptions,
  type StatusResult,
  type StatusSource,
} from './app/collection/collection-status.js';
export {
  type CompactOptions,
  type CompactResult,
  compactCollection,
} from './app/collection/compact-collection.js';
export type { DuplicatesResult, ListedCopy, ListedGroup } from './app/collection/duplicates-result.js';
export { type ExchangeFormatName, exchangeFormatNames } from './app/collection/exchange/exchange-format.js';
export {
  type ExportOptions,
  type ExportResult,
  exportCollection,
} from './app/collection/export-collection.js';
export {
  type ImportOptions,
  type ImportResult,
  importCollection,
} from './app/collection/import-collection.js';
export { type ListDuplicatesOptions, listDuplicates } from './app/collection/list-duplicates.js';
export { type MapCollectionOptions, mapCollection } from './app/collection/map-collection.js';
export type { MapCluster, MapOutlier, MapResult } from './app/collection/map-result.js';
export {
  type ImageAddOptions,
  ImageCollection,
  type ImageQuery,
  type ImageRemoval,
  type ImageSearchOptions,
  type OpenCollectionOptions,
  openCollection,
} from './app/collection/open-collection.js';
export {
  type ReindexOptions,
  type ReindexResult,
  reindexCollection,
} from './app/collection/reindex-collection.js';
export {
  type RemovedImage,
  type RemoveOptions,
  type RemoveResult,
  removeImages,
} from './app/collection/remove-images.js';
export type { CollectionAnswer } from './app/collection/search/collection-answer.js';
export {
  type CollectionHit,
  CollectionSearcher,
  type FindOptions,
  type FindRequest,
  type Found,
  type QueryPart,
  type SearcherOptions,
} from './app/collection/search/collection-searcher.js';
export { type QueryImage, readCrop, readQueryText } from './app/collection/search/query-text.js';
export {
  type SearchCollectionOptions,
  type SearchCollectionResult,
  searchCollection,
} from './app/collection/search/search-collection.js';
export {
  type UndoDuplicatesOptions,
  type UndoDuplicatesResult,
  undoDuplicates,
} from './app/collection/undo-duplicates.js';

export type { Finding, FindingKind, Fixed, Severity } from './app/collection/verify/finding.js';
export {
  type VerifyOptions,
  type VerifyResult,
  verifyCollection,
} from './app/collection/verify-collection.js';
export { type CheckDataOptions, checkData } from './app/data-check/check-data.js';
export type { DataCheck } from './app/data-check/findings.js';
export { type EmbedOptions, type EmbedResult, embedSources as embed } from './app/embed/embed-sources.js';
export type { EmbeddingFormatName } from './app/embed/embedding-format.js';
export { evaluateModel as evaluate } from './app/evaluate-model.js';
export { type ListedModel, listModels, type ModelList } from './app/list-models.js';
export type { Comparison, EvaluateOptions, EvaluateResult } from './app/measure-model.js';
export { type PulledModel, type PullModelOptions, pullModel } from './app/pull-model.js';
export { type DemoOptions, type DemoResult, runDemo } from './app/run-demo.js';
export { type CompareOptions, type CompareResult, compareRuns, listRuns } from './app/runs/compare-runs.js';
export type { ConfigDifference } from './app/runs/config-differences.js';
export type { RunFigures } from './app/runs/read-run.js';
export {
  type SearchHit,
  type SearchOptions,
  type SearchResult,
  searchImages as search,
} from './app/search-images.js';
export { type ShowDataOptions, type ShowDataResult, showData } from './app/show-data.js';
export { type SplitCount, type SplitDataOptions, type SplitDataResult, splitData } from './app/split-data.js';
export { readTrainConfig, type TrainConfig, trainSchema, type WrittenRecipe } from './app/train-config.js';
export { trainModel as train } from './app/train-model.js';
export type { TrainOptions, TrainResult } from './app/train-options.js';
export type { Keep, ValidationSettings } from './app/training-validation.js';
export { type WrapModelOptions, type WrappedModel, wrapModel } from './app/wrap-model.js';
export type { FilterInput, Where, WhereComparison, WhereValue } from './collection/filters/index.js';
export type { FoldRule } from './collection/search/index.js';
export type { JsonPlace } from './core/check-json.js';
export { type ErrorCode, type ErrorParts, errorCodes, ImagekinError } from './core/errors.js';
export type { OnProgress, Progress, Skipped } from './core/progress.js';
export { Random } from './core/random.js';
export type { SplitBy } from './data/draw-splits.js';
export type { LabelledImages, LabelledSource } from './data/labelled-images.js';
export type { ImageMetadata, ListedImage, Listing } from './data/listed-image.js';
export { isListed, openListing } from './data/listing.js';
export type { Labels } from './data/open-listed.js';
export type { OpenOptions } from './data/open-options.js';
export { builtInSourceNames, type OpenImagesOptions, openImages, openSource } from './data/source.js';
export type { ImageSplit, Split } from './data/split.js';
export type {
  BackboneFlags,
  BackboneSpec,
  PerColour,
  Preprocessing,
} from './embedding/backbone/backbone-spec.js';
export { type KnownBackbone, knownBackbones } from './embedding/backbone/known-backbones.js';
export { readPreprocessing } from './embedding/backbone/preprocessor-config.js';
export { type WrapOptions, wrapBackbone } from './embedding/backbone/wrap-backbone.js';
export { embedImages, type PixelSource } from './embedding/embed-images.js';
export { Embedder } from './embedding/embedder.js';
export {
  type ModelFile,
  type ModelMetadata,
  type ModelValidation,
  readModelFile,
  type TrainingData,
} from './embedding/model-file.js';
export { type OpenModelOptions, openModel } from './embedding/open-model.js';
export * as engine from './engine/index.js';
export * as calibration from './evaluation/calibration/index.js';
export { evaluateEmbeddings } from './evaluation/evaluate-embeddings.js';
export type { Evaluation } from './evaluation/evaluation.js';
export * as metrics from './evaluation/index.js';
export type { Augmentation } from './image/augment.js';
export type { CropRegion } from './image/crop-image.js';
export { type DecodeOptions, decodeImage, decodeImageTo } from './image/decode.js';
export {
  type DecodedImage,
  DecodePool,
  type DecodePoolOptions,
  type ImageFacts,
} from './image/decode-pool.js';
export type { Image, Size } from './image/image.js';
export type { ArchivedFile, ImageLocation } from './image/image-location.js';
export type { Fit, ResizeFilter, ResizeRule } from './image/resize-rule.js';
export type { ClassAugmentation } from './learning/class-augmentation.js';
export { type Distance, type DistanceName, distances } from './learning/distances/index.js';
export type { TrainedNetwork } from './learning/embedding-graph.js';
export * as losses from './learning/losses/index.js';
export * as miners from './learning/miners/index.js';
export * as models from './learning/models/index.js';
export * as optimizers from './learning/optimizers/index.js';
export { recipes } from './learning/recipes/index.js';
export { describeRecipe, type Recipe } from './learning/recipes/recipe.js';
export {
  type PartMaker,
  type PartMakers,
  part,
  type ReadRecipeOptions,
  type Registry,
  readRecipe,
  registry,
} from './learning/registry/index.js';
export * as regularizers from './learning/regularizers/index.js';
export type { Statistics } from './learning/reported-statistics.js';
export * as samplers from './learning/samplers/index.js';
export * as schedules from './learning/schedules/index.js';
export {
  type TrainingHooks,
  type TrainingOutcome,
  type TrainingRequest,
  trainEmbedding,
} from './learning/train-embedding.js';
export type {
  EpochRecord,
  StepRecord,
  StepsRecord,
  Sums,
  TrainingRecord,
} from './learning/training-record.js';
export type {
  EarlyStopping,
  Measurement,
  Validation,
  ValidationCadence,
  ValidationRecord,
} from './learning/validation.js';
export type { WeightAverageOptions } from './learning/weight-average.js';
