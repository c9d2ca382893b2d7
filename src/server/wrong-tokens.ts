const windowMs = 60_000;
const mostAddresses = 10_000;

/** Counts attempts with a wrong token, by the address that they come from. */
export class WrongTokens {
  readonly #counts = new Map<string, { count: number; readonly until: number }>();

  constructor(
    private readonly most: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Seconds until another attempt is taken from there; 0 for at once. */
  secondsToWait(address: string): number {
    const entry = this.#entry(address);
    if (entry === undefined || entry.count < this.most) return 0;
    return Math.max(1, Math.ceil((entry.until - this.now()) / 1000));
  }

  note(address: string): void {
    const entry = this.#entry(address);
    if (entry) entry.count++;
    else {
      if (this.#counts.size >= mostAddresses) this.#counts.delete(this.#counts.keys().next().value!);
      this.#counts.set(address, { count: 1, until: this.now() + windowMs });
    }
  }

  #entry(address: string) {
    const entry = this.#counts.get(address);
    if (entry !== undefined && entry.until > this.now()) return entry;
    this.#counts.delete(address);
    return undefined;
  }
}
