export { composeQuery, defaultUnlikeWeight, type WeightedVector } from './compose-query.js';
export type { FoldRule, HitFacts } from './fold-alike.js';
export { JoinedSearches } from './joined-searches.js';
export { ResultList } from './result-list.js';
export { ResultLists } from './result-lists.js';
