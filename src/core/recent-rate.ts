interface Sample {
  readonly atMs: number;
  readonly done: number;
}

const windowMs = 8_000;
/** Samples closer together tell nothing more, and training reports hundreds of times a second. */
const sampleIntervalMs = 100;
const shortestSpanMs = 300;

/**
 * How fast work goes now: (done − done then) / (now − then) over the last eight seconds. What was done before the first
 * report, as by the run that is being resumed, does not count.
 */
export class RecentRate {
  private samples: Sample[] = [];
  private latest: Sample | undefined;

  observe(done: number, atMs: number): void {
    // Work that begins anew, as a download whose server cannot go on with it.
    if (this.latest !== undefined && done < this.latest.done) this.samples = [];
    this.latest = { atMs, done };
    const last = this.samples.at(-1);
    if (last === undefined || atMs - last.atMs >= sampleIntervalMs) this.samples.push(this.latest);
    // The one before the window is kept, so that slow work still has two.
    while (this.samples.length > 2 && atMs - this.samples[1]!.atMs >= windowMs) this.samples.shift();
  }

  /** Per second; `undefined` while too little has been seen. */
  get perSecond(): number | undefined {
    const first = this.samples[0];
    if (first === undefined || this.latest === undefined) return undefined;
    const spanMs = this.latest.atMs - first.atMs;
    return spanMs < shortestSpanMs ? undefined : ((this.latest.done - first.done) / spanMs) * 1000;
  }
}
