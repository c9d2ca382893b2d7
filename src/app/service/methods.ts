/**
 * What can be asked of a collection that is served, each method loaded only where it runs. They run in threads, by lanes, so that
 * none waits for what takes long in another: `search` embeds, decodes and searches; `read` asks the catalog; `write` changes
 * it, and may have to wait for others who do.
 *
 * To add one: a file in `methods/` that exports a `ServiceMethod`, and a line here.
 */
export const serviceMethods = {
  decide: { lane: 'write', load: async () => (await import('./methods/decide.js')).decide },
  duplicates: { lane: 'read', load: async () => (await import('./methods/duplicates.js')).duplicates },
  summary: { lane: 'read', load: async () => (await import('./methods/summary.js')).summary },
  trash: { lane: 'read', load: async () => (await import('./methods/trash.js')).trash },
  status: { lane: 'read', load: async () => (await import('./methods/status.js')).status },
  images: { lane: 'read', load: async () => (await import('./methods/images.js')).images },
  image: { lane: 'read', load: async () => (await import('./methods/image.js')).image },
  imageList: { lane: 'read', load: async () => (await import('./methods/image-list.js')).imageList },
  thumbnail: { lane: 'read', load: async () => (await import('./methods/thumbnail.js')).thumbnail },
  original: { lane: 'read', load: async () => (await import('./methods/original.js')).original },
  originalBytes: {
    lane: 'search',
    load: async () => (await import('./methods/original-bytes.js')).originalBytes,
  },
  preview: { lane: 'search', load: async () => (await import('./methods/preview.js')).preview },
  facets: { lane: 'read', load: async () => (await import('./methods/facets.js')).facets },
  removeImages: {
    lane: 'write',
    load: async () => (await import('./methods/remove-images.js')).removeImages,
  },
  search: { lane: 'search', load: async () => (await import('./methods/search.js')).search },
  map: { lane: 'read', load: async () => (await import('./methods/map.js')).map },
  mapPoints: { lane: 'read', load: async () => (await import('./methods/map-points.js')).mapPoints },
  evaluation: { lane: 'read', load: async () => (await import('./methods/evaluation.js')).evaluation },
  confusionPairs: {
    lane: 'read',
    load: async () => (await import('./methods/confusion-pairs.js')).confusionPairs,
  },
  model: { lane: 'search', load: async () => (await import('./methods/model.js')).model },
  editImages: { lane: 'write', load: async () => (await import('./methods/edit-images.js')).editImages },
} as const satisfies Record<string, { readonly lane: Lane; readonly load: () => Promise<unknown> }>;

export type Lane = 'read' | 'search' | 'write';
export const lanes: readonly Lane[] = ['read', 'search', 'write'];

type Methods = typeof serviceMethods;
export type MethodName = keyof Methods;
type Method<Name extends MethodName> = Awaited<ReturnType<Methods[Name]['load']>>;
export type MethodRequest<Name extends MethodName> = Parameters<Method<Name>>[1];
export type MethodResult<Name extends MethodName> = Awaited<ReturnType<Method<Name>>>;
