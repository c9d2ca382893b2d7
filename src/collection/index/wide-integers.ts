/**
 * Numbers below 2³² as integers of 64 bits, without a bigint for each: two words of 32 bits, the lower one first, as all machines
 * have them that Node.js runs on.
 */
export function wordsOf(numbers: Uint32Array): ArrayBuffer {
  const words = new Uint32Array(2 * numbers.length);
  for (let i = 0; i < numbers.length; i++) words[2 * i] = numbers[i]!;
  return words.buffer;
}

/** The other way: integers of 64 bits that lie below 2³². */
export function lowWords(numbers: BigUint64Array | BigInt64Array): Uint32Array {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
  const low = new Uint32Array(numbers.length);
  for (let i = 0; i < low.length; i++) low[i] = words[2 * i]!;
  return low;
}
