export { type ConvNetOptions, convNet } from './conv-net.js';
export { type SeedOptions, seed } from './seed.js';
