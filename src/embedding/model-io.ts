/** Names of what a model file takes and gives: uint8 [N, H, W, 3] (sRGB), and float32 [N, D] of unit length. */
export const modelInput = 'images';
export const modelOutput = 'embeddings';
