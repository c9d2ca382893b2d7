/** Finds points by place: the square of the map cut into cells, each with the rows that lie in it. */
export class PointGrid {
  private readonly cellsAcross: number;
  /** Where the rows of a cell begin in `rows`. */
  private readonly starts: Uint32Array;
  private readonly rows: Uint32Array;

  constructor(private readonly places: Float32Array) {
    const length = places.length / 2;
    this.cellsAcross = Math.min(1024, Math.max(1, Math.ceil(Math.sqrt(length / 2))));
    const cells = new Uint32Array(length);
    this.starts = new Uint32Array(this.cellsAcross ** 2 + 1);
    for (let row = 0; row < length; row++) {
      cells[row] = this.cell(places[2 * row + 1]!) * this.cellsAcross + this.cell(places[2 * row]!);
      this.starts[cells[row]! + 1]!++;
    }
    for (let cell = 1; cell < this.starts.length; cell++) this.starts[cell]! += this.starts[cell - 1]!;
    const next = this.starts.slice();
    this.rows = new Uint32Array(length);
    for (let row = 0; row < length; row++) this.rows[next[cells[row]!]!++] = row;
  }

  /** The row that lies nearest to a place, no farther than `radius`; `undefined` where there is none. */
  nearest(x: number, y: number, radius: number, accept: (row: number) => boolean): number | undefined {
    let found: number | undefined;
    let least = radius * radius;
    this.visit(x - radius, y - radius, x + radius, y + radius, (row) => {
      const distance = (this.places[2 * row]! - x) ** 2 + (this.places[2 * row + 1]! - y) ** 2;
      if (distance <= least && accept(row)) {
        least = distance;
        found = row;
      }
    });
    return found;
  }

  /** Visits the rows of all cells that a rectangle touches, so a few that lie beside it too. */
  visit(left: number, bottom: number, right: number, top: number, visitor: (row: number) => void): void {
    const [fromColumn, toColumn] = [this.cell(left), this.cell(right)];
    for (let line = this.cell(bottom); line <= this.cell(top); line++) {
      const from = this.starts[line * this.cellsAcross + fromColumn]!;
      const to = this.starts[line * this.cellsAcross + toColumn + 1]!;
      for (let at = from; at < to; at++) visitor(this.rows[at]!);
    }
  }

  private cell(coordinate: number): number {
    const cell = Math.floor(((coordinate + 1) / 2) * this.cellsAcross);
    return Math.min(this.cellsAcross - 1, Math.max(0, cell));
  }
}
