export { composeQuery, defaultUnlikeWeight, type WeightedVector } from './compose-query.js';
export type { FoldRule, HitFacts } from './fold-alike.js';
export { JoinedSearches } from './joined-searches.js';
export { type Page, type PageHit, type PageRequest, searchPage } from './search-page.js';
