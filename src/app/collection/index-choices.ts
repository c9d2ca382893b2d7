// Not by way of the index itself, which would load the engine before a flag is read.
import { quantizations } from '../../collection/index/quantization.js';
import { indexKinds } from '../../collection/index/vector-index.js';

/** What may be asked for, for those who read flags. */
export const indexChoices = ['auto', ...indexKinds] as const;
export const quantizationChoices = ['auto', ...quantizations] as const;
