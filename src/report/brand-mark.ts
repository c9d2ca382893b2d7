import { markup } from './markup.js';

/** Two overlapping pictures: kin. */
export const brandMark = markup`<svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true"><rect x="1.5" y="1.5" width="16" height="16" rx="4.5" fill="none" stroke="var(--accent)" stroke-width="2.5"/><rect x="8.5" y="8.5" width="16" height="16" rx="4.5" fill="var(--accent)" fill-opacity=".22" stroke="var(--accent)" stroke-width="2.5"/></svg>`;
