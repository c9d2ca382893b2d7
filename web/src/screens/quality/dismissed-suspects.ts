type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

const most = 5000;

/** Suggestions that somebody has looked at and not wanted, kept by the browser: another suggestion is shown again. */
export class DismissedSuspects {
  readonly #key: string;
  readonly #storage: Storage | undefined;
  readonly #suggestions: Map<number, string>;

  constructor(collection: string, storage: Storage | undefined) {
    this.#key = `imagekin.dismissed.${collection}`;
    this.#storage = storage;
    this.#suggestions = read(storage, this.#key);
  }

  has(id: number, suggested: string): boolean {
    return this.#suggestions.get(id) === suggested;
  }

  add(id: number, suggested: string): void {
    this.#suggestions.delete(id);
    this.#suggestions.set(id, suggested);
    this.#keep();
  }

  remove(id: number): void {
    this.#suggestions.delete(id);
    this.#keep();
  }

  #keep(): void {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify([...this.#suggestions].slice(-most)));
    } catch {
      // Storage may be full or forbidden; it then lasts as long as the page.
    }
  }
}

function read(storage: Storage | undefined, key: string): Map<number, string> {
  try {
    const pairs = JSON.parse(storage?.getItem(key) ?? '[]') as unknown;
    if (!Array.isArray(pairs)) return new Map();
    return new Map(
      pairs.filter(
        (pair) => Array.isArray(pair) && typeof pair[0] === 'number' && typeof pair[1] === 'string',
      ),
    );
  } catch {
    return new Map();
  }
}
