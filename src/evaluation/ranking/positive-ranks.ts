import type { ClassOrder } from './class-order.js';

/**
 * Many buckets leave most without a positive, so that few items need a comparison, whose outcome no processor can foresee;
 * too many do not fit its cache. Tried from 2 to 16 per positive, on classes of 60 and of 6,000 items.
 */
const bucketsPerPositive = 8;
const fewestBuckets = 4096;

/** Shell sort's gaps (Ciura 2001). */
const gaps = [701, 301, 132, 57, 23, 10, 4, 1];
/** Up to this many positives in a bucket, plain insertion is the fastest sort. */
const shortBucket = 32;
/** A bucket of more is halved before it is walked through. */
const crowdedBucket = 8;

function bucketCountFor(positives: number): number {
  return Math.max(fewestBuckets, bucketsPerPositive * positives);
}

/**
 * Finds where the gallery items of a query's class, its positives, stand among all of the gallery. The rank of an item is
 * 1 + the number of items with a higher score, or with an equal one and a lower index.
 *
 * Only the R positives of a query are sorted, by distributing them to buckets of their score. Every other item is then
 * looked up among them: its bucket holds one or none, and those below all positives need no look. So a query takes one pass
 * over its scores, and nothing is held of a ranking but the ranks of its positives.
 */
export class PositiveRanks {
  /** float32 [R], falling. */
  private readonly scores: Float32Array;
  /** int32 [R]: index of each in the gallery, to break ties. */
  private readonly indices: Int32Array;
  /**
   * int32 [R + 1]: items of other classes that come after the positive before and before this one. The last counts those
   * after all positives, as far as they were looked up.
   */
  private readonly othersBefore: Int32Array;
  /** int32 [buckets + 1]: the first positive of each bucket, of those of higher scores first. */
  private readonly bucketStart: Int32Array;

  constructor(private readonly order: ClassOrder) {
    const { startOf } = order;
    let largest = 0;
    for (let c = 0; c + 1 < startOf.length; c++) largest = Math.max(largest, startOf[c + 1] - startOf[c]);
    this.scores = new Float32Array(largest);
    this.indices = new Int32Array(largest);
    this.othersBefore = new Int32Array(largest + 1);
    this.bucketStart = new Int32Array(bucketCountFor(largest) + 2);
  }

  /**
   * @param row float32 [g]: finite scores of the gallery in class order
   * @param label class index of the query
   * @param self position of the query itself, which is left out; −1 where it is not in the gallery
   * @returns int32 [R], rising, counted from 1; overwritten by the next call
   */
  of(row: Float32Array, label: number, self: number): Int32Array {
    const from = this.order.startOf[label];
    const to = this.order.startOf[label + 1];
    const count = to - from - (self >= from && self < to ? 1 : 0);
    if (count === 0) return this.othersBefore.subarray(0, 0);
    const buckets = this.sortPositives(row, from, to, self, count);
    this.othersBefore.fill(0, 0, count + 1);
    this.countOthers(row, 0, from, buckets);
    this.countOthers(row, to, row.length, buckets);
    let rank = 0;
    for (let i = 0; i < count; i++) {
      rank += this.othersBefore[i] + 1;
      this.othersBefore[i] = rank;
    }
    return this.othersBefore.subarray(0, count);
  }

  private sortPositives(row: Float32Array, from: number, to: number, self: number, count: number): Buckets {
    const { scores, indices, bucketStart } = this;
    const { indexAt } = this.order;
    let highest = Number.NEGATIVE_INFINITY;
    let lowest = Number.POSITIVE_INFINITY;
    for (let i = from; i < to; i++) {
      if (i === self) continue;
      const score = row[i];
      if (score > highest) highest = score;
      if (score < lowest) lowest = score;
    }
    const bucketCount = bucketCountFor(count);
    const scale = highest > lowest ? bucketCount / (highest - lowest) : 0;

    bucketStart.fill(0, 0, bucketCount + 2);
    for (let i = from; i < to; i++) if (i !== self) bucketStart[((highest - row[i]) * scale) | 0]++;
    let longest = 0;
    let end = 0;
    for (let b = 0; b <= bucketCount; b++) {
      if (bucketStart[b] > longest) longest = bucketStart[b];
      end += bucketStart[b];
      bucketStart[b] = end;
    }
    bucketStart[bucketCount + 1] = count;
    // From the last, so that an end becomes a start and equal ones keep their order.
    for (let i = to - 1; i >= from; i--) {
      if (i === self) continue;
      const place = --bucketStart[((highest - row[i]) * scale) | 0];
      scores[place] = row[i];
      indices[place] = indexAt[i];
    }
    for (const gap of longest > shortBucket ? gaps : [1]) this.sortByGap(count, gap);
    return { highest, lowest, scale };
  }

  private sortByGap(count: number, gap: number): void {
    const { scores, indices } = this;
    for (let i = gap; i < count; i++) {
      const score = scores[i];
      const index = indices[i];
      let place = i;
      for (; place >= gap; place -= gap) {
        const before = scores[place - gap];
        if (before > score || (before === score && indices[place - gap] < index)) break;
        scores[place] = before;
        indices[place] = indices[place - gap];
      }
      scores[place] = score;
      indices[place] = index;
    }
  }

  /** Counts the items at positions `from` to `to`, none of which is a positive, before the best positive that they beat. */
  private countOthers(row: Float32Array, from: number, to: number, buckets: Buckets): void {
    const { scores, indices, othersBefore, bucketStart } = this;
    const { indexAt } = this.order;
    const { highest, lowest, scale } = buckets;
    let beforeAll = 0;
    for (let i = from; i < to; i++) {
      const score = row[i];
      if (score < lowest) continue;
      if (score > highest) {
        beforeAll++;
        continue;
      }
      const bucket = ((highest - score) * scale) | 0;
      let low = bucketStart[bucket];
      let end = bucketStart[bucket + 1];
      while (end - low > crowdedBucket) {
        const middle = (low + end) >> 1;
        const positive = scores[middle];
        if (positive > score || (positive === score && indices[middle] < indexAt[i])) low = middle + 1;
        else end = middle;
      }
      while (low < end) {
        const positive = scores[low];
        if (positive > score || (positive === score && indices[low] < indexAt[i])) low++;
        else break;
      }
      othersBefore[low]++;
    }
    othersBefore[0] += beforeAll;
  }
}

interface Buckets {
  /** Of the positives. */
  readonly highest: number;
  readonly lowest: number;
  /** Buckets per unit of score. */
  readonly scale: number;
}
