/** The use cases that can be run in a worker, each loaded only where it runs. */
export const useCases = {
  train: async () => (await import('../train-model.js')).trainModel,
  evaluate: async () => (await import('../evaluate-model.js')).evaluateModel,
  calibrate: async () => (await import('../calibrate-model.js')).calibrateModel,
  embed: async () => (await import('../embed/embed-sources.js')).embedSources,
  add: async () => (await import('../collection/add/add-images.js')).addImages,
  watch: async () => (await import('../collection/add/watch-images.js')).watchImages,
  addFiles: async () => (await import('../collection/add/add-files.js')).addFiles,
  refreshCollection: async () => (await import('../collection/add/refresh-collection.js')).refreshCollection,
  removeImages: async () => (await import('../collection/remove-images.js')).removeImages,
  search: async () => (await import('../search-images.js')).searchImages,
  searchCollection: async () => (await import('../collection/search/search-collection.js')).searchCollection,
  pull: async () => (await import('../pull-model.js')).pullModel,
  wrap: async () => (await import('../wrap-model.js')).wrapModel,
  checkData: async () => (await import('../data-check/check-data.js')).checkData,
  listDuplicates: async () => (await import('../collection/list-duplicates.js')).listDuplicates,
  undoDuplicates: async () => (await import('../collection/undo-duplicates.js')).undoDuplicates,
  computeDuplicates: async () =>
    (await import('../service/duplicates/compute-duplicates.js')).computeDuplicates,
  trashDecided: async () => (await import('../service/duplicates/trash-decided.js')).trashDecided,
  mapCollection: async () => (await import('../collection/map-collection.js')).mapCollection,
  deriveMap: async () => (await import('../service/derived/derive-map.js')).deriveMap,
  evaluateCollection: async () =>
    (await import('../service/derived/evaluate-collection.js')).evaluateCollection,

  verifyCollection: async () => (await import('../collection/verify-collection.js')).verifyCollection,
  compactCollection: async () => (await import('../collection/compact-collection.js')).compactCollection,
  reindexCollection: async () => (await import('../collection/reindex-collection.js')).reindexCollection,
  exportCollection: async () => (await import('../collection/export-collection.js')).exportCollection,
  importCollection: async () => (await import('../collection/import-collection.js')).importCollection,
  demo: async () => (await import('../run-demo.js')).runDemo,
};

type UseCases = typeof useCases;
export type UseCaseName = keyof UseCases;
type UseCase<Name extends UseCaseName> = Awaited<ReturnType<UseCases[Name]>>;
export type OptionsOf<Name extends UseCaseName> = Parameters<UseCase<Name>>[0];
export type ResultOf<Name extends UseCaseName> = Awaited<ReturnType<UseCase<Name>>>;
