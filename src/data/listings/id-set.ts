import { hash } from 'node:crypto';

const firstSlots = 1024;
/** Words of 32 bits kept of each id's hash: 96 bits, of which two of a billion ids share all with a chance of 1e-11. */
const words = 3;

/**
 * The ids seen so far, by their hashes alone: at most 48 bytes each however long they are, outside the JavaScript heap. For
 * lists longer than memory.
 */
export class IdSet {
  #slots = new Uint32Array(firstSlots * words);
  #size = 0;

  /** @returns whether it is new */
  add(id: string): boolean {
    if (2 * (this.#size + 1) * words > this.#slots.length) this.#grow();
    const digest = hash('sha256', id, 'buffer');
    // Three zeros mean an empty slot, so the first word is never zero.
    const key = [digest.readUInt32LE(0) || 1, digest.readUInt32LE(4), digest.readUInt32LE(8)] as const;
    const isNew = insert(this.#slots, ...key);
    if (isNew) this.#size++;
    return isNew;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += words)
      if (old[at] !== 0) insert(this.#slots, old[at]!, old[at + 1]!, old[at + 2]!);
  }
}

/** Open addressing with linear probing; the table is never full. */
function insert(slots: Uint32Array, a: number, b: number, c: number): boolean {
  const count = slots.length / words;
  for (let slot = a % count; ; slot = (slot + 1) % count) {
    const at = slot * words;
    if (slots[at] === 0) {
      slots.set([a, b, c], at);
      return true;
    }
    if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c) return false;
  }
}
