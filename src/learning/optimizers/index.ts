export { type AdamOptions, adam, adamW } from './adam.js';
export { type MuonOptions, muon } from './muon.js';
export type { Optimizer, OptimizerStep } from './optimizer.js';
export { type SgdOptions, sgd } from './sgd.js';
