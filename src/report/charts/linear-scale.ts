/** A straight map from values to pixels, with round values to put ticks at. */
export interface LinearScale {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  /** Decimals that tell the ticks apart. */
  readonly decimals: number;
  position(value: number): number;
}

export interface LinearScaleOptions {
  /** Pixels of the two ends of the domain. */
  readonly range: readonly [number, number];
  /** About how many ticks. */
  readonly tickCount?: number;
  /** Ticks at whole numbers only. */
  readonly integer?: boolean;
  /** Widen the domain to the ticks around it. */
  readonly nice?: boolean;
}

/** The scale of [low, high]; a domain of one value is widened about it, so that it has a length. */
export function linearScale(
  low: number,
  high: number,
  { range, tickCount = 5, integer = false, nice = true }: LinearScaleOptions,
): LinearScale {
  const half = high > low ? 0 : Math.abs(low) * 0.1 || 1;
  const step = tickStep((high - low + 2 * half) / tickCount, integer);
  let from = low - half;
  let to = high + half;
  if (nice) {
    from = Math.floor(from / step) * step;
    to = Math.ceil(to / step) * step;
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toFixed(decimals)),
  );
  const pixelsPerUnit = (range[1] - range[0]) / (to - from);
  return {
    domain: [from, to],
    ticks,
    decimals,
    position: (value) => range[0] + (value - from) * pixelsPerUnit,
  };
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `rough`. */
function tickStep(rough: number, integer: boolean): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999)!;
  return integer ? Math.max(1, Math.round(step)) : step;
}
