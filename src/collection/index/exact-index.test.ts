import { describe } from 'vitest';
import { keepsVectorIndexContract } from '../../../test/contracts/vector-index.js';
import { joined } from '../../../test/fixtures/unit-vectors.js';
import { ExactIndex } from './exact-index.js';

describe('ExactIndex', () => {
  keepsVectorIndexContract(async (vectors, dimension) => {
    const index = new ExactIndex(dimension);
    index.upsert(Uint32Array.from(vectors.keys()), joined(vectors.values()));
    return index;
  });
});
