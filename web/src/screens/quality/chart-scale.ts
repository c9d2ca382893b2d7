/** An axis: where its ticks stand, and how to come from a value to a share of its length. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** An axis from one round number to another, with ticks at multiples of 1, 2 or 5 times a power of ten. */
export function roundScale(values: readonly number[], wantedTicks = 4): Scale {
  const finite = values.filter(Number.isFinite);
  const least = finite.length > 0 ? Math.min(...finite) : 0;
  const most = finite.length > 0 ? Math.max(...finite) : 1;
  const span = most - least || Math.abs(most) || 1;
  const rough = span / wantedTicks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough * 0.999)!;
  const from = Math.floor(least / step + 1e-9) * step;
  const to = Math.max(from + step, Math.ceil(most / step - 1e-9) * step);
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, tick) =>
    Number((from + tick * step).toPrecision(12)),
  );
  return { from, to, ticks, at: (value) => (value - from) / (to - from) };
}

/** A line through points, as the path of an SVG; what is not finite breaks it. */
export function linePath(points: readonly (readonly [number, number])[]): string {
  let path = '';
  let broken = true;
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) broken = true;
    else {
      path += `${broken ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
      broken = false;
    }
  }
  return path;
}
