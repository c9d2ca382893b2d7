import type { Codec } from '../params.js';

/** What results are shown as one: `copies` of a file, `nothing`, or from a cosine on. */
export type Fold = 'copies' | 'nothing' | number;

export const foldCodec: Codec<Fold> = {
  read(from) {
    if (from === 'nothing') return 'nothing';
    const cosine = Number(from ?? Number.NaN);
    return cosine > 0 && cosine <= 1 ? cosine : 'copies';
  },
  write: (value) => (value === 'copies' ? null : String(value)),
};
