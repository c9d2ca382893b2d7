export const quantizations = ['f32', 'bf16', 'i8'] as const;
/** How the graph holds the numbers of its own copy of the vectors. Scores never come from there. */
export type Quantization = (typeof quantizations)[number];
