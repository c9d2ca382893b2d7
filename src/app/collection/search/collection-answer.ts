import type { Found } from './collection-searcher.js';
import type { QueryImage } from './query-text.js';

/** What was found for a query. */
export interface CollectionAnswer extends Found {
  /** As it was written; of several, with commas between. */
  readonly query: string;
  /** Why nothing could be searched for; there are no hits then. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** An answer, and the image that a picture of it shows. */
export interface DrawnAnswer {
  readonly answer: CollectionAnswer;
  readonly image: QueryImage;
}
