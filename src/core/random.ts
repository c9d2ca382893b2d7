/**
 * Seeded random numbers: sfc32 (Chris Doty-Humphrey's Small Fast Chaotic generator, 128-bit state, as in PractRand),
 * seeded by hashing.
 *
 * Randomness in imagekin is addressed, not carried: `Random.of(seed, 'batch', 17)` is the stream of batch 17, whoever
 * asks for it and in whatever order. A resumed run, or one with another number of workers, draws the same numbers
 * without any generator state in the checkpoint.
 */
export class Random {
  private constructor(
    private a: number,
    private b: number,
    private c: number,
    private counter: number,
  ) {}

  /** The stream named by `seed` and `path`; equal arguments give equal streams, others independent ones. */
  static of(seed: number, ...path: readonly (string | number)[]): Random {
    const key = [seed, ...path].join('\u0000');
    const random = new Random(hash(key, 0x9e3779b9), hash(key, 0x243f6a88), hash(key, 0xb7e15162), 1);
    for (let i = 0; i < 12; i++) random.uint32();
    return random;
  }

  /** Uniform integer in [0, 2³²). */
  uint32(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform float in [0, 1) with 32 random bits. */
  uniform(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** Uniform float in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Uniform integer in [0, bound), without modulo bias (rejection). */
  integer(bound: number): number {
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return draw % bound;
  }

  /** Standard normal float (Box and Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Shuffles in place (Fisher and Yates) and returns its argument. */
  shuffle<T extends { [index: number]: number; length: number } | unknown[]>(items: T): T {
    const list = items as unknown[];
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const item = list[i];
      list[i] = list[j];
      list[j] = item;
    }
    return items;
  }

  /** `count` distinct integers of [0, bound), in random order. */
  sample(count: number, bound: number): number[] {
    if (count > bound)
      throw new RangeError(`Random.sample: expected count <= bound, got ${count} > ${bound}`);
    // Sparse Fisher–Yates: only the displaced entries are stored, so a few of millions stay cheap.
    const displaced = new Map<number, number>();
    const chosen: number[] = [];
    for (let i = 0; i < count; i++) {
      const j = i + this.integer(bound - i);
      chosen.push(displaced.get(j) ?? j);
      displaced.set(j, displaced.get(i) ?? i);
    }
    return chosen;
  }
}

/** 32-bit FNV-1a over UTF-16 code units, finished with MurmurHash3's avalanche. */
function hash(key: string, salt: number): number {
  let h = (0x811c9dc5 ^ salt) | 0;
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
