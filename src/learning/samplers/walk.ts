import type { Random } from '../../core/random.js';

/**
 * An endless walk through some items, cut into windows of a fixed size: each item is met once before any is met again, in a
 * new random order every time, and a window holds no item twice unless it is larger than there are items; then each as
 * often as any other, give or take one.
 *
 * Windows are functions of their number. They are cheap to take in order; an earlier one is found by walking anew.
 */
export class Walk {
  private next = 0;
  private pass = -1;
  private order: number[] = [];
  private position = 0;

  /** @param randomOf the stream that orders a pass */
  constructor(
    private readonly count: number,
    private readonly windowSize: number,
    private readonly randomOf: (pass: number) => Random,
  ) {}

  /** The items of a window, counted from 0. */
  window(index: number): number[] {
    if (index < this.next) {
      this.next = 0;
      this.pass = -1;
      this.order = [];
      this.position = 0;
    }
    let items: number[] = [];
    while (this.next <= index) items = this.walkOn();
    return items;
  }

  private walkOn(): number[] {
    const times = new Map<number, number>();
    const items: number[] = [];
    while (items.length < this.windowSize) {
      if (this.position === this.order.length) this.startPass(times, this.windowSize - items.length);
      const item = this.order[this.position++]!;
      times.set(item, (times.get(item) ?? 0) + 1);
      items.push(item);
    }
    this.next++;
    return items;
  }

  /** Orders the next pass so that the window it starts in goes on with the items that it has least of. */
  private startPass(times: ReadonlyMap<number, number>, left: number): void {
    this.pass++;
    this.position = 0;
    const shuffled = this.randomOf(this.pass).shuffle([...Array(this.count).keys()]);
    if (times.size === 0 || left >= this.count) {
      this.order = shuffled;
      return;
    }
    const timesOf = (item: number) => times.get(item) ?? 0;
    const first = shuffled
      .map((item, place) => ({ item, place }))
      .sort((a, b) => timesOf(a.item) - timesOf(b.item) || a.place - b.place)
      .slice(0, left)
      .map(({ item }) => item);
    const taken = new Set(first);
    this.order = [...first, ...shuffled.filter((item) => !taken.has(item))];
  }
}
