import { indexKinds, quantizations } from '../../collection/index/index.js';

/** What may be asked for, for those who read flags. */
export const indexChoices = ['auto', ...indexKinds] as const;
export const quantizationChoices = ['auto', ...quantizations] as const;
