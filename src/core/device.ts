/**
 * What programs may run on. Only `cpu` is part of our tests: `webgpu` and `cuda` are handed to ONNX Runtime as they are, and
 * have not been tried.
 */
export const devices = ['cpu', 'webgpu', 'cuda'] as const;
export type Device = (typeof devices)[number];
