import type { Catalog } from './catalog.js';

/** What was found of a catalog, by keys, for as long as nobody writes to it; of more than so many the oldest goes. */
export class UntilWritten<Value> {
  readonly #values = new Map<string, Value>();
  #state = '';

  constructor(
    private readonly catalog: Pick<Catalog, 'state'>,
    private readonly most: number,
  ) {}

  get(key: string): Value | undefined {
    this.#forgetIfWritten();
    return this.#values.get(key);
  }

  /** What was kept by the key, which is not kept any more. */
  take(key: string): Value | undefined {
    const value = this.get(key);
    this.#values.delete(key);
    return value;
  }

  /** @param value of the catalog as it was when `get` or `take` last asked: what others have written since makes it be forgotten */
  set(key: string, value: Value): void {
    this.#values.delete(key);
    if (this.#values.size >= this.most) this.#values.delete(this.#values.keys().next().value!);
    this.#values.set(key, value);
  }

  #forgetIfWritten(): void {
    const state = this.catalog.state();
    if (state !== this.#state) this.#values.clear();
    this.#state = state;
  }
}
