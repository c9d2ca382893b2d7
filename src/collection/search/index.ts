export { composeQuery, defaultUnlikeWeight, type WeightedVector } from './compose-query.js';
export type { FoldRule, HitFacts } from './fold-alike.js';
export { JoinedSearches } from './joined-searches.js';
export { type ListRequest, type Page, type PageHit, ResultList } from './result-list.js';
export { ResultLists } from './result-lists.js';
